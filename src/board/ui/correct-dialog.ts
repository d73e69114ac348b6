import type { EventView } from '../view.ts';
import type { App } from './app.ts';
import { field, openDialog, toast } from './dialog.ts';
import { el } from './dom.ts';
import { instantOf, wallTime } from './zone-time.ts';

const roundMs = 5 * 60_000;

/** Lets a planner say when an event will end, on the site's clocks; then, if wanted, plans are searched anew. */
export function openCorrection(app: App, event: EventView): void {
  const { texts } = app;
  const now = app.now();
  const expected = event.expectedEnd ? Date.parse(event.expectedEnd.p50) : now + 3_600_000;
  const input = el('input', {
    type: 'datetime-local',
    required: true,
    step: 300,
    value: wallTime(Math.ceil(expected / roundMs) * roundMs, texts.timeZone),
    min: wallTime(now, texts.timeZone),
  });
  const save = async () => {
    const end = instantOf(input.value, texts.timeZone);
    if (Number.isNaN(end) || end <= app.now()) {
      dialog.complain(texts.t(input.value !== '' && Number.isNaN(end) ? 'correct.gap' : 'correct.invalid'));
      input.setAttribute('aria-invalid', 'true');
      input.focus();
      return false;
    }
    await app.send('api/correct-end', { eventId: event.eventId, expectedEnd: new Date(end).toISOString() });
    toast(texts.t('correct.saved', { time: texts.when(end, app.now()) }));
    await app.refresh();
    return true;
  };
  const dialog = openDialog(app, {
    title: texts.t('correct.title'),
    body: [
      el(
        'p',
        {},
        texts.t('correct.text', {
          subject: event.subject,
          kind: texts.code('event', event.kind),
          start: texts.when(Date.parse(event.start), now),
        }),
      ),
      field(texts.t('correct.end', { zone: texts.timeZone }), input),
    ],
    actions: [
      { label: texts.t('correct.save'), style: 'plain', run: save },
      {
        label: texts.t('correct.saveAndSearch'),
        style: 'primary',
        icon: 'refresh',
        run: async () => {
          if (!(await save())) return false;
          await app.send('api/regenerate', { eventId: event.eventId, constraints: [] });
          return true;
        },
      },
    ],
  });
  input.focus();
}
