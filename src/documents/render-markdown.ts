import { cleanText } from './clean-text.ts';
import type { DocumentModel } from './document-model.ts';
import { layout, type Element, type Run } from './layout.ts';

/** A document as Markdown (CommonMark with tables). No text of the plant becomes markup. */
export function renderMarkdown(document: DocumentModel): string {
  return `${layout(document).map(renderElement).join('\n\n')}\n`;
}

/** Takes back the escapes and list numbers of `renderMarkdown`: what a reader sees, line by line. */
export function markdownText(markdown: string): string {
  return markdown.replace(/^\d+\. /gm, '').replace(/\\([!-/:-@[-`{-~])/g, '$1');
}

function renderElement(element: Element): string {
  switch (element.type) {
    case 'heading':
      return `${'#'.repeat(element.level)} ${line(element.runs)}`;
    case 'paragraph':
      return element.role === 'safety' ? `> ${line(element.runs)}` : line(element.runs);
    case 'list':
      return element.items.map((runs, i) => `${element.ordered ? `${String(i + 1)}.` : '-'} ${line(runs)}`).join('\n');
    case 'table':
      return [
        tableRow(element.columns),
        `|${' --- |'.repeat(element.columns.length)}`,
        ...element.rows.map(tableRow),
      ].join('\n');
  }
}

function tableRow(cells: readonly Run[][]): string {
  return `| ${cells.map(line).join(' | ')} |`;
}

function line(runs: readonly Run[]): string {
  return atLineStart(runs.map(renderRun).join('').trim());
}

function renderRun({ text, changed }: Run): string {
  const shown = escapeInline(cleanText(text));
  return changed && shown.trim() !== '' ? `**${shown.trim()}**` : shown;
}

/** Escapes what could begin or end inline markup, an HTML tag, an entity, a table cell or an automatic link. */
function escapeInline(text: string): string {
  return text
    .replace(/[\\`*_[\]<>|~&#!@^$]/g, '\\$&')
    .replace(/:(?=\/)/g, '\\:')
    .replace(/\bwww\./gi, (found) => `${found.slice(0, -1)}\\.`);
}

/** Escapes what would begin a list, a rule or a heading at the start of a line. */
function atLineStart(text: string): string {
  return text.replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2').replace(/^[-+=:]/, '\\$&');
}
