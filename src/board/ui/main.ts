import { App, refusalOf } from './app.ts';
import { disposeCharts } from './charts.ts';
import { refusalText, toast } from './dialog.ts';
import { el, fill, icon } from './dom.ts';
import { eventsStrip } from './events-strip.ts';
import { failedSearch } from './failed-search.ts';
import { header } from './header.ts';
import { planPanel } from './plan-panel.ts';
import { regenerate } from './regenerate-dialog.ts';
import { scenarioChart } from './scenario-chart.ts';
import { scenarioTable } from './scenario-table.ts';
import { shownScenarios } from './scenarios.ts';
import { remembered } from './remember.ts';
import { splitter } from './splitter.ts';
import { emptyState } from './tables.ts';
import { unplannedOrders } from './unplanned.ts';

const app = new App();
const root = document.getElementById('board') ?? document.body;
const theme = remembered('theme');
if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;

fill(root, [el('p', { class: 'loading', role: 'status' }, app.texts.t('page.loading'))]);
void app.begin(build);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', build);

/** Builds the page: once at the start, and again in another language or theme. */
function build(): void {
  app.forgetWatchers();
  disposeCharts();
  const { texts } = app;
  document.documentElement.lang = texts.language;
  document.title = `${texts.t('page.title')} ${app.shown.state?.site ?? ''}`.trim();
  if (!app.shown.state) {
    if (app.shown.failure) buildFailure();
    return;
  }
  const upper = el('div', { class: 'upper' }, [alternatives(), scenarioChart(app)]);
  fill(root, [
    el('a', { class: 'skip', href: '#alternatives' }, texts.t('page.skip')),
    header(app, build),
    banner(),
    eventsStrip(app),
    el('main', { class: 'work' }, [upper, splitter(app, upper), planPanel(app)]),
  ]);
  announceNewSets();
}

/** Nothing could be loaded yet: say why, and try again on a click or when the server can be reached. */
function buildFailure(): void {
  const { texts } = app;
  const { failure } = app.shown;
  const why = refusalText(texts, failure ?? { code: 'OFFLINE', params: {} });
  const retry = () => void app.refresh().then(build);
  fill(root, [
    el('div', { class: 'failure', role: 'alert' }, [
      el('h1', {}, texts.t('page.failed')),
      el('p', {}, why),
      el('button', { type: 'button', class: 'button primary' }, [icon('refresh'), texts.t('page.retry')], {
        click: retry,
      }),
    ]),
  ]);
  app.watch(
    (shown) => [shown.state !== undefined],
    (loaded) => {
      if (loaded) queueMicrotask(build);
    },
  );
}

/** What a planner must know before deciding: the line is down, writing is inhibited, the plans are out of date. */
function banner(): HTMLElement {
  const { texts } = app;
  const element = el('div', { class: 'banners' });
  let heardAt = app.now();
  app.watch(
    (shown) => [shown.connection, shown.state, shown.failure, shown.search, shown.session, shown.set],
    (connection, state, failure, search, _session, set) => {
      if (connection === 'live') heardAt = app.now();
      // Once one of them is live the others are history, not out of date.
      const decided = app.scenario(state?.livePlanId ?? undefined) !== undefined;
      const stale = state?.set?.stale && !search && !decided;
      fill(element, [
        connection === 'offline'
          ? el('p', { class: 'banner bad', role: 'alert' }, [
              icon('alert'),
              texts.t('connection.offlineHint', { time: texts.time(heardAt) }),
            ])
          : failure
            ? el('p', { class: 'banner bad', role: 'alert' }, [icon('alert'), refusalText(texts, failure)])
            : null,
        state && !search ? failedSearch(texts, state) : null,
        unplannedOrders(texts, set),
        state?.writeInhibit
          ? el('p', { class: 'banner bad' }, [
              icon('pause'),
              texts.t('inhibit.on', { reason: state.writeInhibit.reason }),
            ])
          : null,
        stale
          ? el('p', { class: 'banner', role: 'status' }, [
              icon('clock'),
              texts.t('search.stale'),
              app.mayDecide()
                ? el(
                    'button',
                    { type: 'button', class: 'button plain' },
                    [icon('refresh'), texts.t('stale.regenerate')],
                    {
                      click: () =>
                        void regenerate(app).catch((thrown: unknown) => {
                          toast(refusalText(texts, refusalOf(thrown)), 'bad');
                        }),
                    },
                  )
                : null,
            ])
          : null,
      ]);
    },
  );
  return element;
}

function alternatives(): HTMLElement {
  const { texts } = app;
  const count = el('span', { class: 'quiet' });
  const pareto = el('input', { type: 'checkbox' }, [], { change: () => app.show({ paretoOnly: pareto.checked }) });
  const choice = el('label', { class: 'check' }, [pareto, texts.t('set.paretoOnly')]);
  const table = scenarioTable(app);
  const empty = emptyState(texts.t('set.empty'), texts.t('set.emptyHint'));
  app.watch(
    (shown) => [shown.set, shown.paretoOnly],
    (set, paretoOnly) => {
      pareto.checked = paretoOnly;
      table.hidden = !set;
      choice.hidden = !set;
      empty.hidden = set !== undefined;
      if (!set) {
        count.textContent = '';
        return;
      }
      const shown = shownScenarios(app.shown).length;
      const all = set.scenarios.length;
      const made = texts.t('set.made', {
        time: texts.when(Date.parse(set.createdAt), app.now()),
        replications: texts.number(set.replications),
      });
      const { dominated } = set;
      count.textContent = [
        shown === all ? texts.t('set.count', { count: all }) : texts.t('set.shown', { shown, count: all }),
        made,
        ...(dominated > 0 ? [texts.t('set.dominated', { count: texts.number(dominated) })] : []),
      ].join(', ');
      count.title = dominated > 0 ? texts.t('set.dominated.hint') : '';
    },
  );
  return el(
    'section',
    { class: 'panel alternatives', id: 'alternatives', tabindex: -1, 'aria-label': texts.t('set.title') },
    [
      el('header', { class: 'panel-head' }, [
        el('h2', {}, texts.t('set.title')),
        count,
        el('div', { class: 'spacer' }),
        choice,
      ]),
      table,
      empty,
    ],
  );
}

/** Tells when other alternatives have come. */
function announceNewSets(): void {
  let known = app.shown.set?.requestId;
  app.watch(
    (shown) => [shown.set],
    (set) => {
      if (set && known !== undefined && set.requestId !== known)
        toast(app.texts.t('search.done', { count: app.texts.number(set.scenarios.length) }));
      known = set?.requestId;
    },
  );
}
