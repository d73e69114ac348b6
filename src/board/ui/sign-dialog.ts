import type { BoardRequests, ScenarioView } from '../view.ts';
import type { App } from './app.ts';
import { refusalOf } from './app.ts';
import { field, openDialog, toast } from './dialog.ts';
import { el, icon } from './dom.ts';
import { compareKpi, kpiValue, tableKpis } from './kpis.ts';
import { labelOf, missedText, warningText } from './labels.ts';
import { regenerate } from './regenerate-dialog.ts';

type Decision = BoardRequests['api/approve'];

/** Shows exactly what is signed, takes meaning and reason, and signs. A stale plan leads to a new search instead. */
export function openSigning(app: App, scenario: ScenarioView, decision: Decision['decision']): void {
  const { texts } = app;
  const { rank } = scenario;
  const approving = decision === 'approved';
  const reason = el('textarea', { rows: 2, maxlength: 2_000, required: !approving });
  const meanings = (['approved', 'reviewed'] as const).map((value) => ({
    value,
    input: el('input', { type: 'radio', name: 'meaning', value, checked: value === 'approved' }, [], {
      change: () => dialog.rename(texts.t(value === 'reviewed' ? 'sign.review' : 'sign.approve')),
    }),
  }));
  const sign = async () => {
    if (!approving && reason.value.trim() === '') {
      dialog.complain(texts.t('sign.reasonMissing'));
      reason.setAttribute('aria-invalid', 'true');
      reason.focus();
      return false;
    }
    const chosen = meanings.find(({ input }) => input.checked)?.value ?? 'approved';
    const meaning = approving ? chosen : 'rejected';
    try {
      await app.send('api/approve', {
        planId: scenario.planId,
        planDigest: scenario.digest,
        decision,
        meaning,
        reason: reason.value.trim(),
      });
    } catch (thrown) {
      if (refusalOf(thrown).code !== 'MW_APPROVAL_STALE') throw thrown;
      dialog.close();
      openStale(app);
      void app.refresh();
      return false;
    }
    toast(texts.t(`sign.done.${meaning}`, { rank }));
    void app.refresh();
    return true;
  };
  const dialog = openDialog(app, {
    title: texts.t(approving ? 'sign.approveTitle' : 'sign.rejectTitle'),
    body: [
      signedContent(app, scenario),
      ...scenario.violations.map((wish) =>
        el('p', { class: 'warning' }, [
          icon('alert'),
          texts.t('sign.warning.violations', { text: missedText(texts, wish) }),
        ]),
      ),
      ...scenario.warnings.map((warning) =>
        el('p', { class: 'warning' }, [icon('alert'), warningText(texts, warning)]),
      ),
      ...(approving
        ? [
            el('fieldset', {}, [
              el('legend', {}, texts.t('sign.meaning')),
              ...meanings.map(({ value, input }) => el('label', {}, [input, texts.t(`sign.meaning.${value}`)])),
            ]),
          ]
        : []),
      field(texts.t(approving ? 'sign.reasonOptional' : 'sign.reason'), reason, texts.t('sign.reasonHint')),
    ],
    actions: [
      {
        label: texts.t(approving ? 'sign.approve' : 'sign.reject'),
        style: approving ? 'primary' : 'danger',
        icon: approving ? 'check' : 'cross',
        run: sign,
      },
    ],
  });
  reason.focus();
}

function signedContent(app: App, scenario: ScenarioView): HTMLElement {
  const { texts } = app;
  const { session, state, set } = app.shown;
  const person = session?.person;
  const reference = set?.scenarios.find(({ doNothing }) => doNothing);
  const who = !person
    ? ''
    : person.authenticated
      ? `${person.personId} (${texts.t(`role.${person.role}`)})`
      : texts.t('sign.unauthenticated', { person: person.personId });
  const rows: [string, Node | string][] = [
    [texts.t('sign.plan'), `${texts.t('plan.rank', { rank: scenario.rank })}: ${labelOf(texts, scenario).full}`],
    [
      texts.t('sign.changes'),
      texts.t('sign.changesText', {
        changes: texts.number(scenario.changes),
        staging: texts.number(scenario.stagingCount),
        instructions: texts.number(scenario.instructionCount),
      }),
    ],
    [texts.t('sign.effect'), effectTable(app, scenario, reference)],
    [texts.t('mode.label'), state ? `${texts.t(`mode.${state.mode}`)}: ${texts.t(`mode.${state.mode}.hint`)}` : ''],
    [texts.t('sign.digest'), el('code', { title: scenario.digest }, `${scenario.digest.slice(0, 12)}…`)],
    [texts.t('sign.person'), who],
  ];
  return el('section', { class: 'signed', 'aria-label': texts.t('sign.what') }, [
    el('h3', {}, texts.t('sign.what')),
    el(
      'dl',
      {},
      rows.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, [value])]),
    ),
  ]);
}

function effectTable({ texts }: App, scenario: ScenarioView, reference: ScenarioView | undefined): HTMLElement {
  return el('table', { class: 'effect-table' }, [
    el('thead', {}, [
      el('tr', {}, [
        el('td'),
        el('th', { scope: 'col' }, texts.t('sign.before')),
        el('th', { scope: 'col' }, texts.t('sign.after')),
      ]),
    ]),
    el(
      'tbody',
      {},
      tableKpis.slice(0, 5).map((kpi) => {
        const value = scenario.simulated[kpi.name].mean;
        const before = reference?.simulated[kpi.name].mean;
        const verdict = before === undefined ? 0 : compareKpi(kpi, value, before);
        return el('tr', {}, [
          el('th', { scope: 'row' }, texts.t(kpi.label)),
          el('td', {}, before === undefined ? '–' : kpiValue(texts, kpi, before)),
          el('td', { class: verdict > 0 ? 'better' : verdict < 0 ? 'worse' : null }, [
            kpiValue(texts, kpi, value),
            verdict === 0 ? null : ` (${texts.t(verdict > 0 ? 'plan.better' : 'plan.worse')})`,
          ]),
        ]);
      }),
    ),
  ]);
}

/** Says that the plant has moved on, and offers to search anew. */
function openStale(app: App): void {
  const { texts } = app;
  openDialog(app, {
    title: texts.t('stale.title'),
    body: [el('p', {}, texts.t('stale.text'))],
    actions: [
      {
        label: texts.t('stale.regenerate'),
        style: 'primary',
        icon: 'refresh',
        run: async () => {
          await regenerate(app);
          return true;
        },
      },
    ],
  });
}
