import type { DialogText } from '../shared/dialog.editor.ts';

/** What the server granted for one publishing interval, as the route answers it. */
interface Granted {
  publishingMs: number;
  lifetimeSeconds: number;
  askedHoldSeconds: number;
  holdSeconds: number;
  tags: number;
  refused: number;
  reducedCount: number;
  reduced: { tag: string; samplingMs: number; queueSize: number }[];
}

/** Shows what the server granted to the deployed node: what it publishes, how long it holds values, what it reduced. */
export function showGranted(text: DialogText, id: string): JQuery {
  const list = $('<ul>').css({ margin: '4px 0 0 20px' });
  const line = (words: string, bad = false) => {
    const item = $('<li>').text(words);
    if (bad) item.prepend($('<i class="fa fa-exclamation-triangle" aria-hidden="true">').css('margin-right', '6px'));
    list.append(item);
  };
  $.getJSON(`millwright/opcua-in/${id}/granted`)
    .done((groups: Granted[]) => {
      if (groups.length === 0) line(text('grantedNone'));
      for (const {
        publishingMs,
        lifetimeSeconds,
        askedHoldSeconds,
        holdSeconds,
        tags,
        refused,
        reducedCount,
        reduced,
      } of groups) {
        line(
          text('grantedGroup', {
            tags: String(tags),
            publishing: String(publishingMs),
            lifetime: String(Math.round(lifetimeSeconds)),
          }),
        );
        const less = holdSeconds < askedHoldSeconds;
        const hold = { hold: String(Math.floor(holdSeconds)), asked: String(askedHoldSeconds) };
        line(text(less ? 'grantedLess' : 'grantedHold', hold), less);
        const [first] = reduced;
        if (first)
          line(
            text('grantedReduced', {
              count: String(reducedCount),
              tag: first.tag,
              sampling: String(first.samplingMs),
              queue: String(first.queueSize),
            }),
            true,
          );
        if (refused > 0) line(text('grantedRefused', { count: String(refused) }), true);
      }
    })
    .fail(() => {
      line(text('grantedNone'));
    });
  return $('<div class="form-row">').append($('<strong>').text(text('granted')), list);
}
