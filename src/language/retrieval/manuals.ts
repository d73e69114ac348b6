import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { MillwrightError } from '../../kernel/index.ts';
import { pdfPages } from './pdf.ts';
import type { SourceDocument } from './source.ts';

/** A file of the folder of manuals, with what tells whether it has changed. */
export interface ManualFile {
  path: string;
  /** Relative to the folder, with `/`. */
  name: string;
  version: string;
}

const mostFiles = 500;
const mostBytes = 30_000_000;
const mostCharacters = 2_000_000;
const deepest = 4;
const kinds = ['.md', '.txt', '.pdf'];

/** The manuals in a folder and its subfolders: Markdown, text and PDF. Links are not followed. */
export async function listManuals(folder: string): Promise<ManualFile[]> {
  const found: ManualFile[] = [];
  const walk = async (at: string, depth: number): Promise<void> => {
    const entries = await readdir(at, { withFileTypes: true }).catch((cause: unknown) => {
      throw new MillwrightError('MW_MANUAL_UNREADABLE', { file: at, reason: String(cause) }, cause);
    });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(at, entry.name);
      if (found.length >= mostFiles) return;
      if (entry.isDirectory() && depth < deepest) await walk(path, depth + 1);
      if (!entry.isFile() || !kinds.includes(extname(entry.name).toLowerCase())) continue;
      const { size, mtimeMs } = await stat(path);
      found.push({ path, name: relative(folder, path).split(sep).join('/'), version: `${size}/${mtimeMs}` });
    }
  };
  await walk(folder, 0);
  return found;
}

/**
 * Reads one manual: a document, or one for each page of a PDF. Too large or damaged is `MW_MANUAL_UNREADABLE`. It belongs
 * in a task worker: a damaged PDF can take any time.
 */
export async function readManual({ path, name }: ManualFile): Promise<SourceDocument[]> {
  const { size } = await stat(path);
  if (size > mostBytes)
    throw new MillwrightError('MW_MANUAL_UNREADABLE', { file: name, reason: `larger than ${mostBytes / 1e6} MB` });
  const data = await readFile(path);
  const document = (text: string, page?: number): SourceDocument => ({
    ...languageOf(text),
    docId: `manual/${name}${page === undefined ? '' : `#page=${page}`}`,
    kind: 'manual',
    title: page === undefined ? name : `${name}, ${page}`,
    text: text.replaceAll('\r\n', '\n').normalize('NFC').slice(0, mostCharacters),
  });
  if (extname(name).toLowerCase() !== '.pdf') return [document(data.toString('utf8'))];
  const pages = await pdfPages(new Uint8Array(data), name);
  return pages.map((text, i) => document(text, i + 1)).filter(({ text }) => text.trim() !== '');
}

/** The language whose little words a text has more of, where that is clear. */
function languageOf(text: string): { language?: 'en' | 'de' } {
  const count = (pattern: RegExp) => text.slice(0, 20_000).match(pattern)?.length ?? 0;
  const [en, de] = [count(/\b(the|and|of|is|to|with)\b/gi), count(/\b(der|die|das|und|ist|mit|nicht)\b/gi)];
  return en > 2 * de ? { language: 'en' } : de > 2 * en ? { language: 'de' } : {};
}
