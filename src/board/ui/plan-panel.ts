import type { ScenarioView } from '../view.ts';
import type { App, Tab } from './app.ts';
import { changesTab, compareTab, stagingTab } from './detail-tabs.ts';
import { el, fill, icon } from './dom.ts';
import { gantt } from './gantt.ts';
import { compareKpi, kpiRange, kpiValue, tableKpis } from './kpis.ts';
import { labelOf, warningText } from './labels.ts';
import { lateTab } from './late-tab.ts';
import { machinesTab } from './machines-tab.ts';
import { lateness, movesBetween, type Plan } from './plan.ts';
import { marks } from './scenario-table.ts';
import { refusalText } from './dialog.ts';
import { openSigning } from './sign-dialog.ts';
import { emptyState } from './tables.ts';

/** The selected plan: what it does to the KPIs, its schedule and details, and the decision on it. */
export function planPanel(app: App): HTMLElement {
  const { texts } = app;
  const head = el('header', { class: 'plan-head' });
  const { bar, panels } = tabbed(app);
  app.watch(
    (shown) => [
      shown.selectedId,
      shown.selected,
      shown.selectedFailure,
      shown.set,
      shown.session,
      shown.live,
      shown.state,
    ],
    (selectedId, selected, failure) => {
      const scenario = app.scenario(selectedId);
      const plan = selected?.view.planId === selectedId ? selected : undefined;
      fill(head, scenario ? decisionHead(app, scenario, plan, failure !== undefined) : liveHead(app));
      if (failure)
        head.append(
          el('p', { class: 'complaint', role: 'alert' }, [
            icon('alert'),
            `${texts.t('plan.failed')} ${refusalText(texts, failure)}`,
          ]),
        );
    },
  );
  return el('section', { class: 'panel plan', 'aria-label': texts.t('plan.none') }, [head, bar, ...panels]);
}

function liveHead({ texts, shown }: App): HTMLElement[] {
  const title = shown.live ? texts.t('plan.live') : texts.t('plan.noLive');
  return [
    el('div', { class: 'plan-title' }, [
      el('h2', {}, title),
      shown.set ? el('p', { class: 'quiet' }, texts.t('plan.noneHint')) : null,
    ]),
  ];
}

function decisionHead(app: App, scenario: ScenarioView, plan: Plan | undefined, failed: boolean): HTMLElement[] {
  const { texts } = app;
  const label = labelOf(texts, scenario);
  const reference = app.shown.set?.scenarios.find(({ doNothing }) => doNothing);
  return [
    el('div', { class: 'plan-title' }, [
      el('h2', {}, [
        el('span', { class: 'rank-badge' }, texts.t('plan.rank', { rank: scenario.rank })),
        label.headline,
      ]),
      label.detail === '' ? null : el('p', { class: 'quiet' }, label.detail),
      el('p', {}, [
        ...marks(app, scenario),
        rankChange(app, scenario),
        ...status(app, plan),
        plan || failed ? null : el('span', { class: 'quiet', role: 'status' }, texts.t('plan.loading')),
      ]),
      ...warningLines(app, scenario),
    ]),
    el(
      'ul',
      { class: 'effects' },
      tableKpis.slice(0, 5).map((kpi) => {
        const value = scenario.simulated[kpi.name];
        const before = reference === scenario ? undefined : reference?.simulated[kpi.name];
        const verdict = before ? compareKpi(kpi, value.mean, before.mean) : 0;
        return el('li', { title: kpiRange(texts, kpi, value) }, [
          el('span', { class: 'quiet' }, texts.t(kpi.label)),
          el('span', { class: `effect ${verdict > 0 ? 'better' : verdict < 0 ? 'worse' : ''}` }, [
            verdict === 0 ? null : icon(verdict > 0 ? 'check' : 'alert', 12),
            verdict === 0
              ? null
              : el('span', { class: 'visually-hidden' }, texts.t(verdict > 0 ? 'plan.better' : 'plan.worse')),
            kpiValue(texts, kpi, value.mean),
          ]),
          before
            ? el('span', { class: 'quiet' }, texts.t('plan.versus', { value: kpiValue(texts, kpi, before.mean) }))
            : null,
        ]);
      }),
    ),
    decision(app, scenario, plan),
  ];
}

/** So many warnings stand in the head of a plan; all of them stand where it is signed. */
const shownWarnings = 2;

function warningLines({ texts }: App, { warnings }: ScenarioView): HTMLElement[] {
  const lines = warnings.map((warning) => warningText(texts, warning));
  const rest = lines.slice(shownWarnings);
  return [
    ...lines.slice(0, shownWarnings).map((text) => el('p', { class: 'plan-warning' }, [icon('alert', 12), text])),
    ...(rest.length > 0
      ? [el('p', { class: 'quiet', title: rest.join('\n') }, texts.t('plan.moreWarnings', { count: rest.length }))]
      : []),
  ];
}

/** What chance does to the plan's rank. */
function rankChange({ texts }: App, { rank, plannedRank }: ScenarioView): HTMLElement | null {
  if (rank === plannedRank) return null;
  return el(
    'span',
    { class: 'quiet rank-change', title: texts.t('plan.rankChange.hint') },
    texts.t('plan.rankChange', { rank, planned: plannedRank }),
  );
}

/** What has become of the plan, and who decided on it. */
function status({ texts }: App, plan: Plan | undefined): HTMLElement[] {
  if (!plan) return [];
  const { view } = plan;
  const notes = view.decisions.map(({ meaning, personId, authenticated, signedAt, reason }) => {
    const person = authenticated ? personId : `${personId} (${texts.t('plan.unauthenticated')})`;
    const kind = meaning === 'reviewed' || meaning === 'rejected' ? meaning : 'approved';
    const text = texts.t(`plan.decided.${kind}`, { person, time: texts.dayTime(Date.parse(signedAt)), reason });
    return el('span', { class: `decided ${kind}` }, [icon(kind === 'rejected' ? 'cross' : 'check', 12), text]);
  });
  if (view.status === 'published') notes.push(el('span', { class: 'decided approved' }, texts.t('plan.published')));
  else if (view.status !== 'proposed' && notes.length === 0)
    notes.push(el('span', { class: 'decided' }, texts.t('plan.status', { status: texts.code('status', view.status) })));
  return notes;
}

function decision(app: App, scenario: ScenarioView, plan: Plan | undefined): HTMLElement {
  const { texts } = app;
  const decided = plan?.view.decisions.some(({ meaning }) => meaning !== 'reviewed') ?? false;
  if (decided || (plan && plan.view.status !== 'proposed')) return el('div', { class: 'decision' });
  if (!app.mayDecide())
    return el('div', { class: 'decision' }, [el('p', { class: 'quiet' }, texts.t('plan.loginToDecide'))]);
  const button = (kind: 'approved' | 'rejected') =>
    el(
      'button',
      { type: 'button', class: `button ${kind === 'approved' ? 'primary' : 'plain'}`, disabled: !plan },
      [icon(kind === 'approved' ? 'check' : 'cross'), texts.t(kind === 'approved' ? 'plan.approve' : 'plan.reject')],
      { click: () => openSigning(app, scenario, kind) },
    );
  return el('div', { class: 'decision' }, [button('rejected'), button('approved')]);
}

const tabs: readonly Tab[] = ['schedule', 'changes', 'late', 'machines', 'staging', 'compare'];

/** Tabs after the ARIA pattern: one tab stop, arrows move. */
function tabbed(app: App): { bar: HTMLElement; panels: HTMLElement[] } {
  const { texts } = app;
  const schedule = gantt(app);
  const buttons = tabs.map((tab) =>
    el('button', { type: 'button', role: 'tab', id: `tab-${tab}`, 'aria-controls': `panel-${tab}` }, [], {
      click: () => app.show({ tab }),
    }),
  );
  const panels = tabs.map((tab) =>
    el(
      'div',
      {
        role: 'tabpanel',
        id: `panel-${tab}`,
        'aria-labelledby': `tab-${tab}`,
        class: `tab-panel ${tab}`,
        tabindex: tab === 'schedule' ? null : 0,
      },
      tab === 'schedule' ? [schedule.element] : [],
    ),
  );
  app.watch(
    (shown) => [shown.tab],
    (now) => {
      tabs.forEach((tab, index) => {
        buttons[index]!.setAttribute('aria-selected', String(tab === now));
        buttons[index]!.tabIndex = tab === now ? 0 : -1;
        panels[index]!.hidden = tab !== now;
      });
      schedule.tools.hidden = now !== 'schedule';
    },
  );
  app.watch(
    (shown) => [shown.live, shown.selected, shown.plant, shown.compare],
    (live, selected, plant, compare) => {
      const plan = selected ?? live;
      const counts: Partial<Record<Tab, number>> = {
        compare: compare.length,
        ...(live && selected ? { changes: movesBetween(live, selected).length } : {}),
        ...(plan && plant
          ? { late: [...plan.orderEnd.keys()].filter((orderId) => (lateness(plan, orderId, plant) ?? 0) > 0).length }
          : {}),
        ...(selected ? { staging: selected.view.staging.length } : {}),
      };
      tabs.forEach((tab, index) => {
        const count = counts[tab];
        fill(buttons[index]!, [
          texts.t(`tab.${tab}`),
          count === undefined ? null : el('span', { class: 'count-badge' }, texts.number(count)),
        ]);
      });
    },
  );
  app.watch(
    (shown) => [shown.tab, shown.live, shown.selected, shown.plant, shown.compare, shown.set],
    (tab, live, selected, _plant, compare) => {
      const panel = panels[tabs.indexOf(tab)];
      if (!panel || tab === 'schedule') return;
      fill(panel, [detail(app, tab, live, selected, compare)]);
    },
  );
  const list = el('div', { class: 'tabs', role: 'tablist' }, buttons, {
    keydown: (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step === undefined) return;
      const next = (tabs.indexOf(app.shown.tab) + step + tabs.length) % tabs.length;
      app.show({ tab: tabs[next]! });
      buttons[next]!.focus();
      event.preventDefault();
    },
  });
  return { bar: el('div', { class: 'tab-bar' }, [list, schedule.tools]), panels };
}

function detail(
  app: App,
  tab: Exclude<Tab, 'schedule'>,
  live: Plan | undefined,
  selected: Plan | undefined,
  compare: readonly string[],
): HTMLElement {
  const { texts } = app;
  if (tab === 'compare') return compareTab(app, compare);
  if (tab === 'late') {
    const plan = selected ?? live;
    return plan ? lateTab(app, plan, live) : emptyState(texts.t('plan.noLive'));
  }
  if (!selected) return emptyState(texts.t('plan.none'), texts.t('plan.noneHint'));
  if (tab === 'staging') return stagingTab(app, selected);
  if (tab === 'machines') return machinesTab(app, selected, app.scenario(selected.view.planId));
  return live ? changesTab(app, live, selected) : emptyState(texts.t('plan.noLive'));
}
