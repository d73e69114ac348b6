import { lazyImport, MillwrightError } from '../../kernel/index.ts';

/** Most pages of one file that are read. */
const mostPages = 2000;

/** The text of a PDF, page by page. A scan without text gives empty pages. */
export async function pdfPages(data: Uint8Array, file: string): Promise<string[]> {
  const { getDocumentProxy } = await lazyImport('unpdf', () => import('unpdf'));
  const pdf = await getDocumentProxy(data, { verbosity: 0 }).catch((cause: unknown) => {
    throw new MillwrightError('MW_MANUAL_UNREADABLE', { file, reason: reasonOf(cause) }, cause);
  });
  try {
    const pages: string[] = [];
    for (let number = 1; number <= Math.min(pdf.numPages, mostPages); number++) {
      const page = await pdf.getPage(number);
      const { items } = await page.getTextContent();
      pages.push(linesOf(items as TextItem[]));
      page.cleanup();
    }
    return pages;
  } finally {
    await pdf.loadingTask.destroy();
  }
}

interface TextItem {
  str?: string;
  hasEOL?: boolean;
  height?: number;
  transform?: number[];
}

/** Pieces of text as lines; a gap of more than a line and a half begins a paragraph. */
function linesOf(items: readonly TextItem[]): string {
  let text = '';
  let lastY: number | undefined;
  for (const { str, hasEOL, transform, height } of items) {
    if (str === undefined) continue;
    const y = transform?.[5];
    if (y !== undefined && str.trim() !== '') {
      if (lastY !== undefined && Math.abs(lastY - y) > 1.6 * (height || 12) && text.trim() !== '') text += '\n\n';
      lastY = y;
    }
    text += str;
    if (hasEOL) text += '\n';
  }
  return text
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n');
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
