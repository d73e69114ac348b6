import { ask, button, type DialogText, type Translating } from '../shared/dialog.editor.ts';

interface TwinNode extends Translating {
  id: string;
}

/** What the routes answer, as far as it is shown. */
interface Shown {
  calibration?: {
    at: string;
    from: string;
    to: string;
    counts: { differs: number; agrees: number; tooFew: number };
    drift: { drifts: unknown[] };
  };
  proposals: Proposal[];
  accepted: { key: string; personId: string; acceptedAt: string }[];
}
interface Proposal {
  key: string;
  subject: { kind: string } & Record<string, string>;
  verdict: 'too-few' | 'agrees' | 'differs';
  current: number | null;
  count: number;
  fitted?: { mean: number; low: number; high: number | null; family: string; pValue: number };
}

declare const RED: { notify(text: string, options: { type: string }): void; i18n: { lang(): string } };

const columns = ['subject', 'current', 'learned', 'count', 'fit'];

/** Adds to the dialog what the twin learned, and what a person may put in force or take back. */
export function oneditprepare(this: TwinNode): void {
  const text: DialogText = (key, params) => this._(`form.${key}`, params);
  const summary = $('<p id="mw-twin-summary" role="status">');
  const table = $('<table id="mw-twin-proposals">').css({ width: '100%', borderSpacing: '6px 2px' });
  let shown: Shown | undefined;

  const act = (work: () => Promise<Shown>, done?: string) => {
    work().then(
      (answer) => {
        shown = answer;
        draw(text, answer, summary, table);
        if (done) RED.notify(done, { type: 'success' });
      },
      (thrown: unknown) => {
        RED.notify(thrown instanceof Error ? thrown.message : String(thrown), { type: 'error' });
      },
    );
  };
  const choose = (accepting: boolean) => {
    const keys = table
      .find('input:checked')
      .map(function (this: HTMLElement) {
        return String($(this).val());
      })
      .get();
    const at = shown?.calibration?.at;
    if (at === undefined || keys.length === 0) return;
    const choice = { at, accept: accepting ? keys : [], withdraw: accepting ? [] : keys };
    act(() => ask<Shown>(this, 'POST', `twin/${this.id}/accept`, choice), accepting ? text('accepted') : undefined);
  };
  const actions = $('<div class="mw-actions">').append(
    button(text('learn'), 'refresh', () => {
      act(() => ask<Shown>(this, 'POST', `twin/${this.id}/calibration`, {}));
    }),
    button(text('accept'), 'check', () => {
      choose(true);
    }),
    button(text('withdraw'), 'undo', () => {
      choose(false);
    }),
  );
  $('#node-input-store')
    .closest('.form-row')
    .after($('<h4>').text(text('calibration')), actions, summary, table);
  void ask<Shown>(this, 'GET', `twin/${this.id}/calibration`).then(
    (answer) => {
      shown = answer;
      draw(text, answer, summary, table);
    },
    () => summary.text(text('deployFirst')),
  );
}

function draw(text: DialogText, { calibration, proposals, accepted }: Shown, summary: JQuery, table: JQuery): void {
  table.empty();
  summary.text('');
  if (!calibration) return;
  const day = (instant: string) => new Date(instant).toLocaleDateString(RED.i18n.lang(), { dateStyle: 'medium' });
  const { from, to, counts, drift } = calibration;
  const numbers = Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, String(count)]));
  const drifts = String(drift.drifts.length);
  summary.text(text('asOf', { ...numbers, from: day(from), to: day(to), drifts }));
  const inForce = new Map(accepted.map((row) => [row.key, `${row.personId}, ${day(row.acceptedAt)}`]));
  const rows = proposals.filter(({ key, verdict }) => verdict === 'differs' || inForce.has(key));
  if (rows.length === 0) {
    summary.append(document.createTextNode(` ${text('none')}`));
    return;
  }
  const head = columns.map((column) =>
    $('<th scope="col">')
      .css('text-align', 'left')
      .text(text(`columns.${column}`)),
  );
  table.append($('<thead>').append($('<tr>').append($('<th>'), head)));
  table.append($('<tbody>').append(rows.map((proposal) => rowOf(text, proposal, inForce.get(proposal.key)))));
}

function rowOf(text: DialogText, proposal: Proposal, acceptedBy: string | undefined): JQuery {
  const { key, subject, current, count, fitted } = proposal;
  const { kind, ...names } = subject;
  const name = `${text(`kinds.${kind}`)}: ${Object.values(names).join(' · ')}`;
  const number = (value: number | null) =>
    value === null ? '–' : value.toLocaleString(RED.i18n.lang(), { maximumSignificantDigits: 4 });
  const learned = fitted ? `${number(fitted.mean)} (${number(fitted.low)} – ${number(fitted.high)})` : '–';
  const fit = fitted ? `${fitted.family}, ${number(fitted.pValue)}` : '–';
  const box = $('<input type="checkbox">').css('width', 'auto').attr('aria-label', name).val(key);
  const force = acceptedBy === undefined ? number(current) : `${number(current)} (${acceptedBy})`;
  return $('<tr>').append(
    $('<td>').append(box),
    [name, force, learned, String(count), fit].map((cell) => $('<td>').text(cell)),
  );
}
