import type { BoardStateView, FailedSearchView } from '../view.ts';
import { refusalText } from './dialog.ts';
import { el, icon } from './dom.ts';
import type { Texts } from './text.ts';

/** Why the last search found no plan: what keeps operations from having a place, or what went wrong. */
export function failedSearch(texts: Texts, state: BoardStateView): HTMLElement | null {
  const { failedSearch: failed, events } = state;
  if (!failed) return null;
  const event = events.find(({ eventId }) => eventId === failed.eventId);
  const head = event
    ? texts.t('search.failedFor', { event: `${event.subject} ${texts.code('event', event.kind)}` })
    : texts.t('search.failed');
  return el('div', { class: 'banner bad conflicts failed-search', role: 'alert' }, [
    icon('alert'),
    el('div', {}, [el('strong', {}, head), ...reasons(texts, failed)]),
  ]);
}

function reasons(texts: Texts, failed: FailedSearchView): HTMLElement[] {
  const { conflicts, code, params } = failed;
  if (conflicts.length === 0) return [el('p', {}, refusalText(texts, { code, params }))];
  const more = Number(params.count) - conflicts.length;
  return [
    el('ul', { tabindex: 0, 'aria-label': texts.t('search.conflicts') }, [
      ...conflicts.map((conflict) => el('li', {}, texts.conflict(conflict))),
      more > 0 ? el('li', {}, texts.t('search.moreConflicts', { count: more })) : null,
    ]),
    el('p', {}, texts.fix(code)),
  ];
}
