import { cleanText } from './clean-text.ts';
import type { DocumentModel } from './document-model.ts';
import { layout, type Element, type Run } from './layout.ts';

const style = `
body{font:1.1rem/1.5 system-ui,sans-serif;margin:0 auto;max-width:60rem;padding:1rem;color:#1a1a1a;background:#fff}
table{border-collapse:collapse;width:100%}th,td{border:1px solid #888;padding:.4rem .6rem;text-align:left}
ol>li{margin:.6rem 0}mark{background:#ffe08a;color:#1a1a1a;font-weight:600;padding:0 .2em}
.safety{border:3px solid #b45309;padding:.6rem}
@media (prefers-color-scheme:dark){body{color:#eee;background:#161616}}
@media print{body{max-width:none;font-size:11pt}}
`;

/** A document as a complete HTML page without scripts and outside requests. No text of the plant becomes markup. */
export function renderHtml(document: DocumentModel): string {
  const elements = layout(document);
  const [title] = elements;
  const titleText = title?.type === 'heading' ? title.runs.map((run) => escapeText(run.text)).join('') : '';
  return [
    '<!doctype html>',
    `<html lang="${document.locale}">`,
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${titleText}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    ...elements.map(renderElement),
    '</body>',
    '</html>\n',
  ].join('\n');
}

/** The text of a page made by `renderHtml`, as a reader sees it. */
export function htmlText(html: string): string {
  return html
    .replace(/<head>[\s\S]*?<\/head>/, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => entities[name] ?? '');
}

const entities: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
const entityOf = new Map(Object.entries(entities).map(([name, character]) => [character, `&${name};`]));

function escapeText(text: string): string {
  return cleanText(text).replace(/[<>"'&]/g, (character) => entityOf.get(character) ?? '');
}

function renderElement(element: Element): string {
  switch (element.type) {
    case 'heading':
      return tag(`h${String(element.level)}`, inline(element.runs));
    case 'paragraph':
      return `<p class="${element.role}">${inline(element.runs)}</p>`;
    case 'list':
      return tag(element.ordered ? 'ol' : 'ul', element.items.map((runs) => tag('li', inline(runs))).join('\n'));
    case 'table': {
      const head = tag('thead', tag('tr', element.columns.map((runs) => tag('th', inline(runs))).join('')));
      const rows = element.rows.map((row) => tag('tr', row.map((runs) => tag('td', inline(runs))).join('')));
      return tag('table', `${head}\n${tag('tbody', rows.join('\n'))}`);
    }
  }
}

function inline(runs: readonly Run[]): string {
  return runs.map(renderRun).join('');
}

function renderRun({ text, source, changed }: Run): string {
  const shown = changed ? tag('mark', escapeText(text)) : escapeText(text);
  if (!source) return shown;
  return `<span title="${escapeText(`${source.table} ${source.id} ${source.field}`)}">${shown}</span>`;
}

function tag(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}
