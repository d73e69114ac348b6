import type { ScenarioView, TimeSplitView } from '../view.ts';
import type { App } from './app.ts';
import { el, icon } from './dom.ts';
import { kpiNumber, kpiStyle, kpiValue } from './kpis.ts';
import type { Plan } from './plan.ts';
import { emptyState, plainTable } from './tables.ts';
import type { Texts } from './text.ts';

/** What a machine does with its time, from work to waiting. */
const conditions: readonly (keyof TimeSplitView)[] = [
  'busy',
  'setup',
  'down',
  'waitingForOperator',
  'blocked',
  'starved',
];

/** What the simulation shows of machines and lines in the selected plan: time, bottleneck, equipment effectiveness. */
export function machinesTab(app: App, plan: Plan, scenario: ScenarioView | undefined): HTMLElement {
  const { texts } = app;
  const { utilisation, oeeByLine } = plan.view;
  const machines = (app.shown.state?.machines ?? []).filter(({ equipmentId }) => equipmentId in utilisation);
  if (machines.length === 0) return emptyState(texts.t('machines.none'));
  return el('div', { class: 'machines' }, [
    lineTable(app, oeeByLine),
    legend(texts),
    plainTable(
      texts.t('machines.caption'),
      [
        { label: texts.t('machines.line') },
        { label: texts.t('job.machine') },
        { label: texts.t('machines.time') },
        ...conditions.map((condition) => ({ label: texts.t(`time.${condition}`), number: true })),
      ],
      machines.map(({ equipmentId, lineName }) => {
        const split = utilisation[equipmentId]!;
        return [
          lineName,
          machineName(texts, equipmentId, equipmentId === scenario?.bottleneck),
          splitBar(split),
          ...conditions.map((condition) => `${texts.number(100 * split[condition])} %`),
        ];
      }),
    ),
  ]);
}

function lineTable({ texts, shown }: App, oeeByLine: Plan['view']['oeeByLine']): HTMLElement {
  const nameOf = new Map(shown.state?.machines.map(({ lineId, lineName }) => [lineId, lineName]));
  const oee = kpiStyle('oee');
  return plainTable(
    texts.t('oee.caption'),
    [
      { label: texts.t('machines.line') },
      { label: texts.t('oee.availability'), number: true },
      { label: texts.t('oee.performance'), number: true },
      { label: texts.t('oee.quality'), number: true },
      { label: texts.t('oee.planned'), number: true },
      { label: texts.t('oee.simulated'), number: true },
    ],
    Object.entries(oeeByLine).map(([line, { planned, simulated }]) => [
      nameOf.get(line) ?? line,
      ...(['availability', 'performance', 'quality', 'oee'] as const).map((name) =>
        kpiValue(texts, oee, planned[name]),
      ),
      `${kpiValue(texts, oee, simulated.mean)} (${kpiNumber(texts, oee, simulated.p10)}–${kpiNumber(texts, oee, simulated.p90)})`,
    ]),
  );
}

function machineName(texts: Texts, equipmentId: string, isBottleneck: boolean): Node | string {
  if (!isBottleneck) return equipmentId;
  return el('span', { class: 'bottleneck', title: texts.t('machines.bottleneck.hint') }, [
    equipmentId,
    el('span', { class: 'mark-chip' }, [icon('alert', 10), texts.t('machines.bottleneck')]),
  ]);
}

function legend(texts: Texts): HTMLElement {
  return el(
    'ul',
    { class: 'time-legend', 'aria-hidden': 'true' },
    conditions.map((condition) =>
      el('li', {}, [el('i', { class: `time-part ${condition}` }), texts.t(`time.${condition}`)]),
    ),
  );
}

/** The shares as one bar; the columns beside it say the same in numbers. */
function splitBar(split: TimeSplitView): HTMLElement {
  return el(
    'span',
    { class: 'time-bar', 'aria-hidden': 'true' },
    conditions.map((condition) => {
      const part = el('i', { class: `time-part ${condition}` });
      part.style.flexGrow = String(split[condition]);
      return part;
    }),
  );
}
