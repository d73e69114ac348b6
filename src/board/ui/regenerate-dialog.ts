import type { WishView } from '../view.ts';
import type { App } from './app.ts';
import { field, openDialog, toast } from './dialog.ts';
import { el, fill, icon } from './dom.ts';

/** Asks for other plans from the present state, under optional wishes. */
export function openRegenerate(app: App): void {
  const { texts } = app;
  const { state } = app.shown;
  const machines = chooser(
    app,
    texts.t('regenerate.forbid'),
    (state?.machines ?? []).map(({ equipmentId }) => equipmentId),
  );
  const orders = chooser(
    app,
    texts.t('regenerate.onTime'),
    (state?.orders ?? []).map(({ workRequestId }) => workRequestId),
  );
  openDialog(app, {
    title: texts.t('regenerate.title'),
    body: [el('p', {}, texts.t('regenerate.text')), machines.element, orders.element],
    actions: [
      {
        label: texts.t('regenerate.start'),
        style: 'primary',
        icon: 'refresh',
        run: async () => {
          await regenerate(app, [
            ...machines.chosen().map((subject): WishView => ({ kind: 'forbid-machine', subject })),
            ...orders.chosen().map((subject): WishView => ({ kind: 'must-be-on-time', subject })),
          ]);
          return true;
        },
      },
    ],
  });
}

/** Asks for other plans and says so. Rejects with a `Refusal`. */
export async function regenerate(app: App, constraints: WishView[]): Promise<void> {
  const eventId = app.shown.state?.events.find(({ kind }) => kind !== 'machine-up')?.eventId;
  await app.send('api/regenerate', { ...(eventId === undefined ? {} : { eventId }), constraints });
  toast(app.texts.t('regenerate.started'));
}

/** A list to which ids are added one by one, each removable: all by keyboard. */
function chooser(app: App, label: string, ids: readonly string[]): { element: HTMLElement; chosen(): string[] } {
  const { texts } = app;
  const chosen = new Set<string>();
  const chips = el('ul', { class: 'chips' });
  const select = el(
    'select',
    {},
    [el('option', { value: '' }, '–'), ...ids.map((id) => el('option', { value: id }, id))],
    {
      change: () => {
        if (select.value !== '') chosen.add(select.value);
        select.value = '';
        show();
      },
    },
  );
  function show(): void {
    fill(
      chips,
      [...chosen].map((id) =>
        el('li', {}, [
          id,
          el(
            'button',
            { type: 'button', 'aria-label': texts.t('regenerate.remove', { what: id }) },
            [icon('cross', 10)],
            {
              click: () => {
                chosen.delete(id);
                show();
                select.focus();
              },
            },
          ),
        ]),
      ),
    );
  }
  const box = field(label, select);
  box.append(chips);
  return { element: box, chosen: () => [...chosen] };
}
