import { ask, errorText, type Translating } from '../shared/dialog.editor.ts';

interface Shift {
  shiftId?: string;
  name: string;
  start: string;
  end: string;
  weekdays: number[];
}
interface SiteNode extends Translating {
  shifts: Shift[];
  holidays: string[];
  kpiCatalogue?: string;
}

/** What the route says of a catalogue. */
interface CatalogueAnswer {
  problem?: { code: string; params: Record<string, string> };
}

/** A catalogue is checked when nothing was typed for so long. */
const restMs = 400;

/** Fills the dialog: shifts as an editable list with weekday boxes, zones from the browser. */
export function oneditprepare(this: SiteNode): void {
  const text = (key: string) => this._(`form.${key}`);
  const dayNames = text('weekdays').split(',');
  const zones = $('#mw-site-zones');
  for (const zone of Intl.supportedValuesOf('timeZone')) zones.append($('<option>').attr('value', zone));
  $('#mw-site-holidays').val(this.holidays.join(', '));
  showCatalogue(this, this.kpiCatalogue ?? '');
  const list = $('#mw-site-shifts');
  list.editableList({
    sortable: true,
    removable: true,
    addItem(row: JQuery, _index: number, data: Partial<Shift>) {
      const field = (name: string, kind: string, value: string, label: string) =>
        $('<input>')
          .attr({ type: kind, 'aria-label': label, placeholder: label, 'data-field': name })
          .css({ width: kind === 'time' ? '105px' : '90px', marginRight: '6px' })
          .val(value);
      row.data('shiftId', data.shiftId ?? '');
      row.append(
        field('name', 'text', data.name ?? '', text('shiftName')),
        field('start', 'time', data.start ?? '06:00', text('shiftStart')),
        field('end', 'time', data.end ?? '14:00', text('shiftEnd')),
      );
      dayNames.forEach((name, index) => {
        const box = $('<input type="checkbox">')
          .css({ width: 'auto', margin: '0 2px 0 4px' })
          .prop('checked', (data.weekdays ?? [1, 2, 3, 4, 5]).includes(index + 1))
          .attr('data-day', index + 1);
        row.append(
          $('<label>').css({ width: 'auto', margin: 0, display: 'inline' }).append(box, document.createTextNode(name)),
        );
      });
    },
  });
  for (const shift of this.shifts) list.editableList('addItem', shift);
}

/** The plant's KPI catalogue as it was written; while it is typed the first place that is wrong is told. */
function showCatalogue(node: Translating, catalogue: string): void {
  const box = $('#mw-site-kpis').val(catalogue);
  const show = (problem: string) => {
    box.toggleClass('input-error', problem !== '');
    $('#mw-site-kpis-problem')
      .text(problem)
      .prop('hidden', problem === '');
  };
  let rest: ReturnType<typeof setTimeout> | undefined;
  const check = () => {
    clearTimeout(rest);
    const written = String(box.val()).trim();
    const noJson = jsonProblem(written);
    if (noJson !== undefined) show(`${node._('form.kpiCatalogueProblem')} ${noJson}`);
    else rest = setTimeout(() => void judge(written), restMs);
  };
  const judge = async (written: string) => {
    let problem: string;
    try {
      const found = (await ask<CatalogueAnswer>(node, 'POST', 'site/catalogue', { text: written })).problem;
      problem = found ? errorText(node, found) : '';
    } catch (failed) {
      problem = (failed as Error).message;
    }
    if (String(box.val()).trim() === written) show(problem);
  };
  box.on('input', check);
  if (catalogue !== '') check();
}

/** What is wrong with a text that is to be JSON, if it is anything. */
function jsonProblem(text: string): string | undefined {
  try {
    if (text !== '') JSON.parse(text);
    return undefined;
  } catch (failed) {
    return (failed as Error).message;
  }
}

/** Reads the list and the days back into the node. */
export function oneditsave(this: SiteNode): void {
  const shifts: Shift[] = [];
  $('#mw-site-shifts')
    .editableList('items')
    .each(function (this: HTMLElement) {
      const row = $(this);
      const value = (field: string) => String(row.find(`[data-field=${field}]`).val());
      const name = value('name').trim();
      if (!name) return;
      const weekdays = row
        .find('[data-day]:checked')
        .map((_i, box) => Number($(box).attr('data-day')))
        .get();
      const shiftId = String(row.data('shiftId') || name.toLowerCase());
      shifts.push({ shiftId, name, start: value('start'), end: value('end'), weekdays });
    });
  this.shifts = shifts;
  this.kpiCatalogue = String($('#mw-site-kpis').val()).trim();
  this.holidays = String($('#mw-site-holidays').val())
    .split(/[\s,;]+/)
    .filter(Boolean);
}
