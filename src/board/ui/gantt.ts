import type { App, GanttView } from './app.ts';
import { el, fill, icon, type IconName } from './dom.ts';
import { GanttChart } from './gantt-chart.ts';
import { ganttModel, type GanttModel } from './gantt-model.ts';
import { axisTicks } from './gantt-shapes.ts';
import { ganttTable } from './gantt-table.ts';
import { jobTip } from './job-tip.ts';
import { emptyState } from './tables.ts';
import type { TextKey } from './text.ts';

const hourMs = 3_600_000;
const axisHeight = 40;
const spans: readonly [TextKey, number][] = [
  ['gantt.shift', 8 * hourMs],
  ['gantt.day', 24 * hourMs],
  ['gantt.threeDays', 72 * hourMs],
  ['gantt.all', Infinity],
];
/** How much of the stretch in view lies before now. */
const nowShare = 0.15;

/** The stretch of time that the reader chose to see; it outlives a page built anew in another language or theme. */
let chosen: [number, number] | undefined;

/** The Gantt chart with its time axis and machine names, and the tools that stand beside its tab. */
export function gantt(app: App): { element: HTMLElement; tools: HTMLElement } {
  const { texts } = app;
  const corner = el('div', { class: 'gantt-corner' });
  const axis = el('div', { class: 'gantt-axis', 'aria-hidden': 'true' });
  const names = el('div', { class: 'gantt-names' });
  const canvas = el('div', { class: 'gantt-canvas' });
  const frame = el('div', { class: 'gantt-frame', tabindex: 0, role: 'group' }, [corner, axis, names, canvas], {
    keydown: (event) => onKey(event),
  });
  const keys = legend(app);
  const empty = emptyState(texts.t('plan.noLive'));
  const table = el('div', { class: 'gantt-as-table', tabindex: 0, hidden: true });
  const element = el('div', { class: 'gantt' }, [frame, table, empty, keys]);

  let model: GanttModel | undefined;
  const chart = new GanttChart(canvas, {
    onWindow: (from, to) => {
      chosen = [from, to];
      showAxis();
    },
    onOrder: (orderId) => app.show({ orderId: orderId === app.shown.orderId ? undefined : orderId }),
    tip: (bar, which) => {
      const { live, selected } = app.shown;
      const plan = which === 'after' && selected ? selected : (live ?? selected);
      return plan ? jobTip(app, bar, plan, live) : el('div');
    },
  });

  function showAxis(): void {
    const [from, to] = chart.window;
    drawAxis(app, axis, model, from, to);
    frame.setAttribute('aria-label', texts.t('gantt.aria', { from: texts.dayTime(from), to: texts.dayTime(to) }));
  }
  function rowHeight(rows: number): number {
    const available = frame.clientHeight - axisHeight - 2;
    const [least, most] = app.shown.gantt === 'lanes' && model?.after ? [17, 40] : [17, 34];
    return Math.max(least, Math.min(most, Math.floor(available / Math.max(1, rows))));
  }
  function draw(): void {
    const { state, plant, live, selected, gantt: view, orderId } = app.shown;
    if (!state || !plant || view === 'table') return;
    const now = app.now();
    model = ganttModel(state, plant, live, selected, now);
    const height = rowHeight(model.rows.length);
    canvas.style.height = `${model.rows.length * height}px`;
    drawNames(app, names, model, height);
    chart.draw(model, { view, rowHeight: height, orderId, timeZone: texts.timeZone, now });
    if (chosen) chart.show(...chosen);
    else chart.show(...around(24 * hourMs));
    showAxis();
  }
  /** A stretch of time around now; all there is where it is infinite. */
  function around(span: number): [number, number] {
    const now = app.now();
    if (span === Infinity) return [model?.from ?? 0, model?.to ?? 1];
    return [now - span * nowShare, now + span * (1 - nowShare)];
  }
  function choose(from: number, to: number): void {
    chart.show(from, to);
    chosen = chart.window;
    showAxis();
  }
  function pan(share: number): void {
    const [from, to] = chart.window;
    choose(from + (to - from) * share, to + (to - from) * share);
  }
  function zoom(factor: number): void {
    const [from, to] = chart.window;
    const [middle, half] = [(from + to) / 2, Math.max(hourMs / 2, ((to - from) / 2) * factor)];
    choose(middle - half, middle + half);
  }
  function showNow(): void {
    const [from, to] = chart.window;
    choose(...around(to - from));
  }
  function onKey(event: KeyboardEvent): void {
    const actions: Record<string, () => void> = {
      ArrowLeft: () => pan(-0.2),
      ArrowRight: () => pan(0.2),
      '+': () => zoom(0.6),
      '-': () => zoom(1 / 0.6),
      Home: showNow,
      Escape: () => app.show({ orderId: undefined }),
    };
    const action = event.ctrlKey || event.altKey || event.metaKey ? undefined : actions[event.key];
    if (!action) return;
    action();
    event.preventDefault();
  }

  const button = (name: IconName, label: TextKey, run: () => void) =>
    el(
      'button',
      { type: 'button', class: 'icon-button', 'aria-label': texts.t(label), title: texts.t(label) },
      [icon(name)],
      { click: run },
    );
  fill(corner, [
    button('left', 'gantt.earlier', () => pan(-0.5)),
    el('button', { type: 'button', class: 'button plain' }, texts.t('gantt.now'), { click: showNow }),
    button('right', 'gantt.later', () => pan(0.5)),
    button('minus', 'gantt.zoomOut', () => zoom(1 / 0.6)),
    button('plus', 'gantt.zoomIn', () => zoom(0.6)),
  ]);
  const time = el(
    'div',
    { class: 'segmented', role: 'group', 'aria-label': texts.t('gantt.span') },
    spans.map(([label, span]) =>
      el('button', { type: 'button' }, texts.t(label), { click: () => choose(...around(span)) }),
    ),
  );

  app.watch(
    (shown) => [shown.gantt, shown.state, shown.live, shown.selected, shown.orderId],
    (view, state, live, selected) => {
      frame.hidden = view === 'table';
      table.hidden = view !== 'table';
      keys.hidden = view === 'table';
      time.hidden = view === 'table';
      const nothing = !state || (state.machines.length === 0 && !live && !selected);
      frame.hidden ||= nothing;
      empty.hidden = !nothing || view === 'table';
      if (view === 'table') fill(table, [ganttTable(app, live, selected)]);
      else draw();
    },
  );
  app.every(30_000, draw);
  let height = 0;
  new ResizeObserver(() => {
    if (frame.clientHeight === 0 || frame.clientHeight === height) return;
    height = frame.clientHeight;
    draw();
  }).observe(frame);
  new ResizeObserver(() => showAxis()).observe(axis);
  return { element, tools: el('div', { class: 'gantt-tools' }, [views(app), time, finder(app)]) };
}

function views(app: App): HTMLElement {
  const { texts } = app;
  const options: readonly GanttView[] = ['lanes', 'difference', 'table'];
  const buttons = options.map((view) =>
    el('button', { type: 'button' }, texts.t(`gantt.${view}`), { click: () => app.show({ gantt: view }) }),
  );
  app.watch(
    (shown) => [shown.gantt],
    (view) => buttons.forEach((button, index) => button.setAttribute('aria-pressed', String(options[index] === view))),
  );
  return el('div', { class: 'segmented', role: 'group', 'aria-label': texts.t('gantt.view') }, buttons);
}

/** Finds an order by its id; its operations then stand out. */
function finder(app: App): HTMLElement {
  const { texts } = app;
  const options = el('datalist', { id: 'orders' });
  const input = el(
    'input',
    {
      type: 'search',
      list: 'orders',
      'aria-label': texts.t('gantt.find'),
      placeholder: texts.t('gantt.find'),
      maxlength: 60,
    },
    [],
    {
      input: () => {
        const text = input.value.trim().toUpperCase();
        if (text === '' || app.shown.plant?.orders.has(text)) app.show({ orderId: text === '' ? undefined : text });
      },
    },
  );
  app.watch(
    (shown) => [shown.state?.orders],
    (orders) =>
      fill(
        options,
        (orders ?? []).map(({ workRequestId }) => el('option', { value: workRequestId })),
      ),
  );
  app.watch(
    (shown) => [shown.orderId],
    (orderId) => {
      if (document.activeElement !== input) input.value = orderId ?? '';
    },
  );
  return el('div', { class: 'finder' }, [input, options]);
}

function drawNames(app: App, names: HTMLElement, { rows }: GanttModel, height: number): void {
  const { texts } = app;
  fill(
    names,
    rows.map(({ equipmentId, name, lineName, firstOfLine, downReason }) => {
      const row = el(
        'div',
        { class: `gantt-name${firstOfLine ? ' first' : ''}${downReason === undefined ? '' : ' is-down'}` },
        [
          el('span', { class: 'line-name' }, firstOfLine ? lineName : ''),
          el('span', { class: 'machine-name', title: equipmentId }, name),
          downReason === undefined ? null : icon('down', 11),
          downReason === undefined
            ? null
            : el(
                'span',
                { class: 'visually-hidden' },
                `, ${texts.t('gantt.down')}: ${texts.code('downtime', downReason)}`,
              ),
        ],
      );
      if (downReason !== undefined)
        row.title = texts.t('gantt.machineDown', { machine: name, reason: texts.code('downtime', downReason) });
      row.style.height = `${height}px`;
      return row;
    }),
  );
}

/** The time axis: above, the shifts (or days, where those are too narrow); below, the hours; and now. */
function drawAxis(app: App, axis: HTMLElement, model: GanttModel | undefined, from: number, to: number): void {
  const { texts } = app;
  const width = axis.clientWidth;
  if (!model || width === 0 || to <= from) return;
  const x = (at: number) => ((at - from) / (to - from)) * width;
  const place = (element: HTMLElement, left: number, across?: number) => {
    element.style.left = `${left}px`;
    if (across !== undefined) element.style.width = `${across}px`;
    return element;
  };
  const ticks = axisTicks(from, to, texts.timeZone, width);
  const now = app.now();
  const hours = ticks
    .filter(({ at }) => Math.abs(x(at) - x(now)) > 38)
    .map(({ at, day }) =>
      place(
        el('span', { class: `hour${day ? ' day' : ''}` }, to - from > 4.5 * 24 * hourMs ? '' : texts.time(at)),
        x(at),
      ),
    );
  const wide = model.shifts.filter(({ start, end }) => end > from && start < to && x(end) - x(start) > 130);
  const upper =
    wide.length > 0
      ? wide.map(({ name, start, end }) => ({ text: `${name} · ${texts.day(start)}`, start, end }))
      : days(app, from, to);
  const labels = upper.map(({ text, start, end }) => {
    const left = Math.max(0, x(start));
    return place(el('span', { class: 'period' }, text), left, Math.min(width, x(end)) - left);
  });
  const marks = now > from && now < to ? [place(el('span', { class: 'now' }, texts.time(now)), x(now))] : [];
  fill(axis, [...labels, ...hours, ...marks]);
}

function days({ texts }: App, from: number, to: number): { text: string; start: number; end: number }[] {
  const starts = axisTicks(from - 24 * hourMs, to, texts.timeZone, 64 * 10)
    .filter(({ day }) => day)
    .map(({ at }) => at);
  return starts
    .map((start, index) => ({ text: texts.day(start), start, end: starts[index + 1] ?? to }))
    .filter(({ end }) => end > from);
}

function legend(app: App): HTMLElement {
  const { texts } = app;
  const entries: readonly [string, TextKey][] = [
    ['bar', 'gantt.unchanged'],
    ['changed', 'gantt.changed'],
    ['ghost', 'gantt.wasHere'],
    ['late', 'gantt.late'],
    ['setup', 'gantt.setup'],
    ['down', 'gantt.down'],
    ['closed', 'gantt.closed'],
  ];
  const frozen = el('li', {});
  app.watch(
    (shown) => [shown.selected, shown.live],
    (selected, live) => {
      const until = (selected ?? live)?.frozenUntil ?? 0;
      const ahead = until > app.now();
      frozen.hidden = !ahead;
      if (ahead)
        fill(frozen, [
          el('i', { class: 'key frozen' }),
          texts.t('gantt.frozen', { time: texts.when(until, app.now()) }),
        ]);
    },
  );
  return el('ul', { class: 'gantt-legend', 'aria-label': texts.t('gantt.legend') }, [
    ...entries.map(([kind, label]) => el('li', {}, [el('i', { class: `key ${kind}` }), texts.t(label)])),
    frozen,
  ]);
}
