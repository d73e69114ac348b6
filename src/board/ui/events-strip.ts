import type { EventView, SearchView } from '../view.ts';
import type { App } from './app.ts';
import { openCorrection } from './correct-dialog.ts';
import { el, fill, icon } from './dom.ts';
import { openRegenerate } from './regenerate-dialog.ts';

/** What has gone wrong and when it will end, and the search for plans that answers it. */
export function eventsStrip(app: App): HTMLElement {
  const { texts } = app;
  const list = el('ul', { class: 'events' });
  const regenerate = el(
    'button',
    { type: 'button', class: 'button', hidden: true },
    [icon('refresh'), texts.t('search.regenerate')],
    { click: () => openRegenerate(app) },
  );
  const progress = el('div', { class: 'search', hidden: true });

  const ages = new Map<HTMLElement, () => string>();
  app.every(30_000, () => {
    for (const [element, text] of ages) element.textContent = text();
  });
  app.watch(
    (shown) => [shown.state?.events, shown.session],
    (events) => {
      regenerate.hidden = !app.mayDecide();
      ages.clear();
      fill(
        list,
        events && events.length > 0
          ? events.map((event) => card(app, event, ages))
          : [el('li', { class: 'calm' }, [icon('check'), texts.t('events.none')])],
      );
    },
  );
  app.watch(
    (shown) => [shown.search],
    (search) => {
      progress.hidden = !search;
      if (search) showProgress(app, progress, search);
    },
  );
  return el('section', { class: 'strip', 'aria-label': texts.t('events.title') }, [list, progress, regenerate]);
}

function card(app: App, event: EventView, ages: Map<HTMLElement, () => string>): HTMLElement {
  const { texts } = app;
  const now = app.now();
  const begun = Date.parse(event.start);
  const { expectedEnd } = event;
  const down = event.kind === 'machine-down';
  const end = expectedEnd && {
    text: texts.t(down ? 'events.expected' : 'events.expectedOther', {
      time: texts.when(Date.parse(expectedEnd.p50), now),
    }),
    latest:
      expectedEnd.p90 === expectedEnd.p50
        ? null
        : texts.t('events.latest', { time: texts.when(Date.parse(expectedEnd.p90), now) }),
    basis: texts.t(`basis.${expectedEnd.basis}`),
  };
  const ageText = () => {
    const since = { time: texts.when(begun, app.now()), duration: texts.duration((app.now() - begun) / 1_000) };
    const reason = event.reason && event.reason !== event.kind ? `${texts.code('downtime', event.reason)}, ` : '';
    return reason + texts.t('events.since', since);
  };
  const age = el('span', { class: 'quiet' }, ageText());
  ages.set(age, ageText);
  return el('li', { class: 'event' }, [
    el('span', { class: `event-icon${down ? ' bad' : ''}` }, [icon(down ? 'down' : 'alert', 16)]),
    el('span', { class: 'event-what' }, [el('strong', {}, `${event.subject} ${texts.code('event', event.kind)}`), age]),
    el('span', { class: 'event-end' }, [
      el('span', {}, end ? end.text : texts.t('events.noEnd')),
      end ? el('span', { class: 'quiet' }, [end.latest, end.basis].filter(Boolean).join(', ')) : null,
    ]),
    app.mayDecide()
      ? el(
          'button',
          {
            type: 'button',
            class: 'button plain',
            'aria-label': texts.t('events.correctLabel', { subject: event.subject }),
          },
          [icon('edit'), texts.t('events.correct')],
          { click: () => openCorrection(app, event) },
        )
      : null,
  ]);
}

function showProgress(app: App, element: HTMLElement, { done, total }: SearchView): void {
  const { texts } = app;
  const bar = el('progress', { max: Math.max(1, total), value: done, 'aria-label': texts.t('search.running') });
  fill(element, [
    el('span', {}, texts.t('search.running')),
    bar,
    el(
      'span',
      { class: 'quiet number' },
      texts.t('search.progress', { done: texts.number(done), total: texts.number(total) }),
    ),
  ]);
}
