import { ask, button, type DialogText, type Translating } from '../shared/dialog.editor.ts';

/** What the route answers, as far as it is shown. */
interface Report {
  engine: string;
  address: string;
  views: {
    view: string;
    rows: number;
    findings: { kind: string; column?: string; found?: string; expected?: string; rows?: number; sample?: object[] }[];
    mend?: string;
  }[];
}

/** Settings that say whose views are checked, and those that count where they are not the store's own. */
const ofStore = ['engine', 'file', 'host', 'port', 'database', 'schema', 'questionsFrom'];
const ofViews = ['viewsHost', 'viewsPort', 'viewsDatabase', 'viewsSchema', 'viewsTls'];

/** Adds a button that compares the views of the deployed settings with what questions need, and shows what would mend them. */
export function drawMapping(node: Translating & { id: string }, text: DialogText, before: JQuery): void {
  const result = $('<div id="mw-store-mapping" aria-live="polite">').css('margin', '6px 0');
  const check = button(text('checkMapping'), 'check-square-o', () => {
    const settings = node as unknown as Record<string, string | number | undefined>;
    const isChanged = (key: string) => {
      const deployed = settings[key];
      return deployed !== undefined && String($(`#node-config-input-${key}`).val()) !== String(deployed);
    };
    const isOwn = $('#node-config-input-questionsFrom').val() === 'store';
    if ([...ofStore, ...(isOwn ? [] : ofViews)].some(isChanged)) {
      result.empty().text(text('deployFirst'));
      return;
    }
    result.empty().text(text('checking'));
    ask<Report>(node, 'GET', `store/${node.id}/mapping`).then(
      (report) => {
        drawReport(text, report, result);
      },
      (thrown: unknown) => result.empty().text(thrown instanceof Error ? thrown.message : String(thrown)),
    );
  });
  before.after($('<div class="form-row">').append(check, result));
}

function drawReport(text: DialogText, { address, views }: Report, result: JQuery): void {
  const findings = views.reduce((sum, view) => sum + view.findings.length, 0);
  result
    .empty()
    .append(
      $('<p>').text(
        text(findings === 0 ? 'mappingFits' : 'mappingFindings.count', { address, count: String(findings) }),
      ),
    );
  for (const { view, findings: own, mend } of views) {
    if (own.length === 0) continue;
    const lines = own.map(({ kind, column = '', found = '', expected = '', rows, sample = [] }) => {
      const what = text(`mappingFindings.${kind}`, { found, expected, count: String(rows ?? '') });
      const first = sample.slice(0, 1).map((row) => $('<div>').append($('<code>').text(JSON.stringify(row))));
      return $('<li>').text(`${column} ${what}`.trim()).append(first);
    });
    result.append($('<strong>').text(view), $('<ul>').append(lines));
    if (mend !== undefined)
      result.append(
        $('<textarea readonly>')
          .attr({ rows: '8', 'aria-label': `SQL: ${view}` })
          .css({ width: '100%', fontFamily: 'monospace', whiteSpace: 'pre' })
          .val(mend),
      );
  }
}
