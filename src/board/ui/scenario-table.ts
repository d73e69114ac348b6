import type { KpiName, ScenarioView, SpreadView } from '../view.ts';
import type { App, SortKey } from './app.ts';
import { el, fill, icon, svg } from './dom.ts';
import { kpiNumber, kpiRange, tableKpis, type KpiStyle } from './kpis.ts';
import { extent, shownScenarios } from './scenarios.ts';
import { labelOf, missedText, warningText } from './labels.ts';
import type { TextKey, Texts } from './text.ts';

interface Column {
  key: SortKey;
  label: TextKey;
  hint?: TextKey;
  kpi?: KpiStyle;
}

const columns: readonly Column[] = [
  { key: 'rank', label: 'column.rank' },
  { key: 'label', label: 'column.label' },
  ...tableKpis.map((kpi): Column => ({ key: kpi.name, label: kpi.label, hint: kpi.hint, kpi })),
  { key: 'changes', label: 'column.changes', hint: 'column.changes.hint' },
  { key: 'stagingCount', label: 'column.staging', hint: 'column.staging.hint' },
  { key: 'instructionCount', label: 'column.instructions', hint: 'column.instructions.hint' },
];

/**
 * The alternatives as a grid: sorted by any column, one tab stop, arrows move, Enter opens, Space marks for comparison.
 */
export function scenarioTable(app: App): HTMLElement {
  const { texts } = app;
  const head = el('tr', { role: 'row' });
  const body = el('tbody', { role: 'rowgroup' });
  const hint = el('p', { class: 'visually-hidden', id: 'table-keys' }, texts.t('set.keys'));
  const grid = el(
    'table',
    { class: 'scenarios', role: 'grid', 'aria-label': texts.t('set.title'), 'aria-describedby': 'table-keys' },
    [el('thead', { role: 'rowgroup' }, [head]), body],
    { keydown: (event) => onKey(app, body, event) },
  );
  const rows = new Map<string, HTMLTableRowElement>();

  app.watch(
    (shown) => [shown.sort, shown.set],
    (sort) => {
      fill(head, [
        el('th', { role: 'columnheader', class: 'mark-cell', scope: 'col' }, [
          el('span', { class: 'visually-hidden' }, texts.t('column.compare')),
        ]),
        ...columns.flatMap((column) => [
          ...(column.key === 'label'
            ? [
                el('th', { role: 'columnheader', scope: 'col', class: 'marks' }, [
                  el('span', { class: 'visually-hidden' }, texts.t('column.marks')),
                ]),
              ]
            : []),
          headCell(app, column, sort),
        ]),
      ]);
    },
  );
  app.watch(
    (shown) => [shown.set, shown.sort, shown.paretoOnly],
    (set, sort, paretoOnly) => {
      const list = shownScenarios({ set, sort, paretoOnly });
      const scales = new Map(tableKpis.map(({ name }) => [name, extent(set?.scenarios ?? [], name)]));
      rows.clear();
      for (const scenario of list) rows.set(scenario.planId, row(app, scenario, scales));
      fill(body, [...rows.values()]);
      grid.setAttribute('aria-rowcount', String(list.length + 1));
    },
  );
  app.watch(
    (shown) => [shown.selectedId, shown.hoverId, shown.compare, shown.set, shown.sort, shown.paretoOnly],
    (selectedId, hoverId, compare) => {
      for (const [planId, element] of rows) {
        element.setAttribute('aria-selected', String(planId === selectedId));
        element.classList.toggle('hover', planId === hoverId);
        element.tabIndex = -1;
        const box = element.querySelector<HTMLInputElement>('input[type=checkbox]');
        if (box) box.checked = compare.includes(planId);
      }
      const entry = (selectedId !== undefined && rows.get(selectedId)) || rows.values().next().value;
      if (entry) entry.tabIndex = 0;
    },
  );
  app.watch(
    (shown) => [shown.selectedId, shown.set],
    (selectedId) => rows.get(selectedId ?? '')?.scrollIntoView({ block: 'nearest' }),
  );
  return el('div', { class: 'table-scroll', tabindex: -1 }, [hint, grid]);
}

function headCell(
  app: App,
  { key, label, hint, kpi }: Column,
  sort: { key: SortKey; descending: boolean },
): HTMLElement {
  const { texts } = app;
  const sorted = sort.key === key;
  const unit = kpi?.unit ? el('small', {}, texts.t(kpi.unit)) : null;
  return el(
    'th',
    {
      role: 'columnheader',
      scope: 'col',
      class: kpi ? `kpi ${kpi.name}` : key === 'label' ? 'label' : 'count',
      'aria-sort': sorted ? (sort.descending ? 'descending' : 'ascending') : 'none',
      title: hint ? texts.t(hint) : null,
    },
    [
      el('button', { type: 'button' }, [texts.t(label), unit, el('i', { class: 'sort', 'aria-hidden': 'true' })], {
        click: () => {
          // The first click shows the best at the top.
          const first = kpi ? !kpi.lowerIsBetter : false;
          app.show({ sort: { key, descending: sorted ? !sort.descending : first } });
        },
      }),
    ],
  );
}

function row(
  app: App,
  scenario: ScenarioView,
  scales: ReadonlyMap<KpiName, { low: number; high: number }>,
): HTMLTableRowElement {
  const { texts } = app;
  const { planId, rank } = scenario;
  const label = labelOf(texts, scenario);
  const box = el('input', { type: 'checkbox', tabindex: -1, 'aria-label': texts.t('row.compare', { rank }) }, [], {
    change: () => app.toggleCompare(planId),
    click: (event) => event.stopPropagation(),
  });
  const count = (value: number) => el('td', { role: 'gridcell', class: 'count number' }, texts.number(value));
  return el(
    'tr',
    { role: 'row', 'data-plan': planId },
    [
      el('td', { role: 'gridcell', class: 'mark-cell' }, [box]),
      el('td', { role: 'gridcell', class: 'rank number' }, texts.number(rank)),
      el('td', { role: 'gridcell', class: 'marks' }, marks(app, scenario, true)),
      el('td', { role: 'gridcell', class: 'label', title: label.full }, [
        el('span', { class: 'headline' }, label.headline),
        label.detail === '' ? null : el('span', { class: 'detail' }, label.detail),
      ]),
      ...tableKpis.map((kpi) => kpiCell(app, kpi, scenario.simulated[kpi.name], scales.get(kpi.name)!)),
      count(scenario.changes),
      count(scenario.stagingCount),
      count(scenario.instructionCount),
    ],
    {
      click: () => void app.select(planId),
      pointerenter: () => app.show({ hoverId: planId }),
      pointerleave: () => app.show({ hoverId: undefined }),
    },
  );
}

/** What is special about an alternative, each as icon and word; `brief` leaves the word to the pointer's hint. */
export function marks(
  app: App,
  { pareto, doNothing, violations, warnings }: ScenarioView,
  brief = false,
): HTMLElement[] {
  const { texts } = app;
  const mark = (kind: string, name: 'diamond' | 'pause' | 'alert', text: string, hint: string) =>
    el('span', { class: `mark-chip ${kind}`, title: brief ? `${text}: ${hint}` : hint }, [
      icon(name, brief ? 11 : 10),
      brief ? el('span', { class: 'visually-hidden' }, text) : text,
    ]);
  return [
    ...(doNothing ? [mark('nothing', 'pause', texts.t('mark.doNothing'), texts.t('mark.doNothing.hint'))] : []),
    ...(pareto ? [mark('pareto', 'diamond', texts.t('mark.pareto'), texts.t('mark.pareto.hint'))] : []),
    ...(violations.length > 0
      ? [
          mark(
            'missed',
            'alert',
            texts.t('mark.violations', { count: violations.length }),
            violations.map((wish) => missedText(texts, wish)).join('\n'),
          ),
        ]
      : []),
    ...(brief && warnings.length > 0
      ? [
          mark(
            'warned',
            'alert',
            texts.t('mark.warnings', { count: warnings.length }),
            warnings.map((warning) => warningText(texts, warning)).join('\n'),
          ),
        ]
      : []),
  ];
}

function kpiCell(app: App, kpi: KpiStyle, spread: SpreadView, scale: { low: number; high: number }): HTMLElement {
  const { texts } = app;
  const range = kpiRange(texts, kpi, spread);
  return el('td', { role: 'gridcell', class: `kpi ${kpi.name}`, title: range }, [
    el('span', { class: 'number', 'aria-hidden': 'true' }, kpiNumber(texts, kpi, spread.mean)),
    el('small', { class: 'number', 'aria-hidden': 'true' }, spreadText(texts, kpi, spread)),
    rangeBar(spread, scale),
    el('span', { class: 'visually-hidden' }, range),
  ]);
}

function spreadText(texts: Texts, kpi: KpiStyle, { p10, p90 }: SpreadView): string {
  return `${kpiNumber(texts, kpi, p10)}–${kpiNumber(texts, kpi, p90)}`;
}

const barWidth = 72;

/** p10 to p90 as a bar with the mean marked, on a scale common to all plans. */
export function rangeBar({ mean, p10, p90 }: SpreadView, { low, high }: { low: number; high: number }): SVGSVGElement {
  const x = (value: number) => 2 + ((barWidth - 4) * (value - low)) / (high - low);
  return svg(
    'svg',
    { class: 'range', viewBox: `0 0 ${barWidth} 6`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    [
      svg('line', { class: 'range-scale', x1: 0, x2: barWidth, y1: 3, y2: 3 }),
      svg('line', { class: 'range-spread', x1: x(p10), x2: Math.max(x(p90), x(p10) + 1), y1: 3, y2: 3 }),
      svg('line', { class: 'range-mean', x1: x(mean), x2: x(mean), y1: 0.5, y2: 5.5 }),
    ],
  );
}

function onKey(app: App, body: HTMLElement, event: KeyboardEvent): void {
  const rows = [...body.querySelectorAll<HTMLTableRowElement>('tr')];
  const at = rows.findIndex((candidate) => candidate.contains(document.activeElement));
  if (at < 0) return;
  const page = 8;
  const to: Record<string, number> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: rows.length - 1,
  };
  const planId = rows[at]?.dataset.plan ?? '';
  if (event.key in to) {
    const next = rows[Math.max(0, Math.min(rows.length - 1, to[event.key]!))];
    rows[at]!.tabIndex = -1;
    if (next) next.tabIndex = 0;
    next?.focus();
    app.show({ hoverId: next?.dataset.plan });
  } else if (event.key === 'Enter') void app.select(planId);
  else if (event.key === ' ') app.toggleCompare(planId);
  else return;
  event.preventDefault();
}
