import type { WishCostView, WishView } from '../view.ts';
import type { App } from './app.ts';
import { field, openDialog, toast } from './dialog.ts';
import { el, fill, icon } from './dom.ts';
import type { Texts } from './text.ts';

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
  const below = new Set((state?.machines ?? []).map(({ lineId }) => lineId));
  const overtime = chooser(app, texts.t('regenerate.overtime'), [
    ...below,
    ...(state?.machines ?? []).map(({ equipmentId }) => equipmentId),
  ]);
  const hours = el('input', { type: 'number', min: '1', max: '336', value: '8' });
  const undivided = chooser(
    app,
    texts.t('regenerate.noSplit'),
    (state?.orders ?? []).map(({ workRequestId }) => workRequestId),
  );
  const fixed = chooser(
    app,
    texts.t('regenerate.lock'),
    (state?.jobs ?? []).filter(({ status }) => status !== 'Running').map(({ jobOrderId }) => jobOrderId),
  );
  const more = el('details', { class: 'more-wishes' }, [
    el('summary', {}, texts.t('regenerate.more')),
    overtime.element,
    field(texts.t('regenerate.hours'), hours),
    fixed.element,
    undivided.element,
  ]);
  const kept = keptWishes(app);
  openDialog(app, {
    title: texts.t('regenerate.title'),
    body: [el('p', {}, texts.t('regenerate.text')), kept.element, machines.element, orders.element, more],
    actions: [
      {
        label: texts.t('regenerate.start'),
        style: 'primary',
        icon: 'refresh',
        run: async () => {
          // An impossible number is shown where it was typed.
          if (overtime.chosen().length > 0 && !hours.reportValidity()) return false;
          const to = new Date(app.now() + Number(hours.value) * 3_600_000).toISOString();
          await regenerate(app, [
            ...kept.chosen(),
            ...machines.chosen().map((subject): WishView => ({ kind: 'forbid-machine', subject })),
            ...orders.chosen().map((subject): WishView => ({ kind: 'must-be-on-time', subject })),
            ...overtime.chosen().map((subject): WishView => ({ kind: 'overtime', subject, to })),
            ...fixed.chosen().map((subject): WishView => ({ kind: 'lock', subject })),
            ...undivided.chosen().map((subject): WishView => ({ kind: 'no-split', subject })),
          ]);
          return true;
        },
      },
    ],
  });
}

/** Asks for other plans, under the wishes of the set that is shown unless others are given, and says so. Rejects with a `Refusal`. */
export async function regenerate(app: App, constraints = openWishes(app)): Promise<void> {
  const eventId = app.shown.state?.events.find(({ kind }) => kind !== 'machine-up')?.eventId;
  await app.send('api/regenerate', { ...(eventId === undefined ? {} : { eventId }), constraints });
  toast(app.texts.t('regenerate.started'));
}

/** The wishes of the set that is shown, each with what it costs; all are kept unless somebody unticks them. */
function keptWishes(app: App): { element: HTMLElement | null; chosen(): WishView[] } {
  const { texts, shown } = app;
  const { wishCosts = [] } = shown.set ?? {};
  const boxes = openWishes(app).map((wish) => {
    const box = el('input', { type: 'checkbox', checked: true });
    const key = `wish.${wish.kind}`;
    const what = texts.knows(key) ? texts.t(key, { subject: wish.subject }) : `${wish.kind} ${wish.subject}`;
    const cost = wishCosts.find(({ constraint }) => sameWish(constraint, wish));
    const words = cost ? costText(texts, cost) : undefined;
    const element = el('label', { class: 'check' }, [
      box,
      what,
      words === undefined ? null : el('span', { class: 'quiet' }, words),
    ]);
    return { wish, box, element };
  });
  const element =
    boxes.length === 0
      ? null
      : el('fieldset', { class: 'wishes' }, [
          el('legend', {}, texts.t('regenerate.kept')),
          ...boxes.map((box) => box.element),
        ]);
  return { element, chosen: () => boxes.filter(({ box }) => box.checked).map(({ wish }) => wish) };
}

/** The wishes of the set that is shown but for those about orders that are done by now. */
function openWishes({ shown }: App): WishView[] {
  const { wishes = [] } = shown.set ?? {};
  const { orders, jobs } = shown.plant ?? {};
  const aboutMachines = (kind: WishView['kind']) => kind === 'overtime' || kind === 'forbid-machine';
  return wishes.filter(
    ({ kind, subject }) => aboutMachines(kind) || !orders || orders.has(subject) || jobs?.has(subject),
  );
}

/** What keeping a wish changes against the best plan without it. */
function costText(texts: Texts, { withIt, withoutIt }: WishCostView): string {
  if (!withoutIt) return texts.t('wish.needed');
  const signed = (count: number) => (count === 0 ? '±0' : `${count > 0 ? '+' : '−'}${texts.number(Math.abs(count))}`);
  return texts.t('wish.cost', {
    lateness: texts.shift(1000 * (withIt.weightedTardinessSeconds - withoutIt.weightedTardinessSeconds)),
    orders: signed(withIt.lateOrders - withoutIt.lateOrders),
    changeovers: signed(withIt.changeovers - withoutIt.changeovers),
    stability: signed(Math.round(100 * (withIt.stability - withoutIt.stability))),
  });
}

function sameWish(a: WishView, b: WishView): boolean {
  return a.kind === b.kind && a.subject === b.subject && a.from === b.from && a.to === b.to;
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
