import type { SetView } from '../view.ts';
import { el, icon } from './dom.ts';
import type { Texts } from './text.ts';

/** The orders that are in none of the plans, and why; null where all are planned. */
export function unplannedOrders(texts: Texts, set: SetView | undefined): HTMLElement | null {
  if (!set || set.unplannedCount === 0) return null;
  const more = set.unplannedCount - set.unplanned.length;
  const reasons = set.unplanned.map(({ workRequestId, conflicts }) =>
    el('li', {}, [
      el('strong', {}, workRequestId),
      `: ${[...new Set(conflicts.map((conflict) => texts.conflict(conflict)))].join('; ')}`,
    ]),
  );
  return el('div', { class: 'banner conflicts unplanned', role: 'status' }, [
    icon('alert'),
    el('details', {}, [
      el('summary', {}, texts.t('set.unplanned', { count: texts.number(set.unplannedCount) })),
      el('ul', { tabindex: 0, 'aria-label': texts.t('search.conflicts') }, [
        ...reasons,
        more > 0 ? el('li', {}, texts.t('search.moreConflicts', { count: more })) : null,
      ]),
      el('p', {}, texts.fix('MW_PLAN_INFEASIBLE')),
    ]),
  ]);
}
