import type { CustomSeriesRenderItem, CustomSeriesRenderItemReturn } from 'echarts';
import { hatch, type Palette } from './charts.ts';
import type { GanttBar, GanttModel, Stretch } from './gantt-model.ts';
import { zoneTicks, type Tick } from './zone-time.ts';

/** How the chart shows its model. */
export interface GanttLook {
  view: 'lanes' | 'difference';
  rowHeight: number;
  /** Its operations stand out, the others step back. */
  orderId: string | undefined;
  timeZone: string;
  now: number;
}

/**
 * What a bar is: of the live plan shown alone; of the selected plan; or, beside that, where the live plan has what it
 * moves, in a lane of its own or as an outline.
 */
export type Lane = 'live' | 'after' | 'before' | 'ghost';

type Item = NonNullable<CustomSeriesRenderItemReturn>;

/** Ticks of the time axis: as many as can be read at a width in pixels. */
export function axisTicks(from: number, to: number, timeZone: string, width: number): Tick[] {
  return zoneTicks(from, to, timeZone, Math.max(2, Math.floor(width / 64)));
}

function rectangle(x: number, y: number, width: number, height: number, style: object, radius = 0): Item {
  return { type: 'rect', shape: { x, y, width, height, r: radius }, style };
}

function line(x1: number, y1: number, x2: number, y2: number, stroke: string, lineWidth = 1): Item {
  return { type: 'line', shape: { x1, y1, x2, y2 }, style: { stroke, lineWidth } };
}

/** Shift bands, closed time, machines that are down, the frozen horizon and the grid: one item that draws all. */
export function background(model: GanttModel, look: GanttLook, colours: Palette) {
  const closedFill = hatch(colours.closed, 7, 1);
  const downFill = hatch(colours.down, 6, 2);
  const renderItem: CustomSeriesRenderItem = (params, api) => {
    const { x: left, y: top, width, height } = params.coordSys as unknown as Box;
    const across = (at: number) => Math.max(left, Math.min(left + width, api.coord([at, 0])[0] ?? 0));
    const band = ({ start, end, row }: Stretch, style: object): Item => {
      const [x1, x2] = [across(start), across(end)];
      const inRow = row !== undefined;
      return rectangle(x1, inRow ? top + row * look.rowHeight : top, x2 - x1, inRow ? look.rowHeight : height, style);
    };
    const children: Item[] = [];
    model.shifts.forEach((shift, index) => {
      if (index % 2 === 0) children.push(band(shift, { fill: colours.shift }));
    });
    for (const closed of model.closed) children.push(band(closed, { fill: closedFill }));
    if (model.frozen) children.push(band(model.frozen, { fill: colours.frozen }));
    for (const down of model.down) {
      children.push(band(down, { fill: colours.down, opacity: 0.22 }), band(down, { fill: downFill, opacity: 0.8 }));
    }
    const [first, last] = [api.coord([model.from, 0])[0] ?? 0, api.coord([model.to, 0])[0] ?? 1];
    const instantAt = (x: number) => model.from + ((x - first) / (last - first)) * (model.to - model.from);
    for (const { at, day } of axisTicks(instantAt(left), instantAt(left + width), look.timeZone, width)) {
      const x = Math.round(across(at)) + 0.5;
      children.push(line(x, top, x, top + height, day ? colours.line : colours.faint));
    }
    model.rows.forEach((row, index) => {
      const y = Math.round(top + index * look.rowHeight) + 0.5;
      children.push(line(left, y, left + width, y, row.firstOfLine ? colours.line : colours.faint));
    });
    return { type: 'group', children };
  };
  return {
    type: 'custom',
    silent: true,
    z: 1,
    clip: true,
    data: [[model.from, model.to]],
    encode: { x: [0, 1] },
    renderItem,
  };
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Where a bar lies within its row: what stays takes the whole row, what moves is split into before and after. */
function barBox(lane: Lane, changed: boolean, { view, rowHeight }: GanttLook): { offset: number; height: number } {
  const inner = rowHeight - 5;
  if (view === 'difference' || lane === 'live' || !changed) return { offset: 3, height: inner };
  const half = Math.floor(inner / 2);
  return lane === 'before' ? { offset: 3, height: half } : { offset: 3 + half, height: inner - half };
}

/** The bars of one plan. */
export function barSeries(lane: Lane, bars: readonly GanttBar[], look: GanttLook, colours: Palette) {
  const setupFill = hatch(colours.barText, 4, 1);
  const renderItem: CustomSeriesRenderItem = (params, api) => {
    const bar = bars[params.dataIndex];
    if (!bar) return null;
    const { x: left, y: top, width: full } = params.coordSys as unknown as Box;
    const edge = (at: number) => Math.max(left - 2, Math.min(left + full + 2, api.coord([at, 0])[0] ?? 0));
    const [x, x2] = [edge(bar.start), edge(bar.end)];
    const width = Math.max(1.5, x2 - x - 1);
    const { offset, height } = barBox(lane, bar.changed, look);
    const y = top + bar.row * look.rowHeight + offset;
    const style = barStyle(lane, bar, look, colours);
    const opacity = look.orderId !== undefined && look.orderId !== bar.orderId ? style.opacity * 0.3 : style.opacity;
    if (lane === 'ghost')
      return rectangle(
        x,
        y,
        width,
        height,
        { fill: 'none', stroke: colours.ghost, lineWidth: 1, lineDash: [3, 2], opacity },
        2,
      );
    const children: Item[] = [rectangle(x, y, width, height, { fill: style.fill, opacity }, 2)];
    const setupWidth = Math.min(width, edge(bar.setupEnd) - x);
    if (setupWidth > 1)
      children.push(rectangle(x, y, setupWidth, height, { fill: setupFill, opacity: opacity * 0.55 }, 2));
    children.push(rectangle(x, y, Math.min(2.5, width), height, { fill: style.edge, opacity }));
    if (bar.endsLate) children.push(...lateMark(x + width, y, height, colours, opacity));
    if (look.orderId === bar.orderId)
      children.push(rectangle(x, y, width, height, { fill: 'none', stroke: colours.accent, lineWidth: 2 }, 2));
    const room = (width - Math.max(0, setupWidth) - 12) / (height >= 14 ? 6.3 : 5.4);
    const label = [bar.jobOrderId, bar.orderId].find(({ length }) => length <= room) ?? '';
    if (label !== '' && height >= 9)
      children.push({
        type: 'text',
        style: {
          text: label,
          x: Math.max(x, left) + 7 + Math.max(0, setupWidth),
          y: y + height / 2 + 0.5,
          fill: style.text,
          opacity,
          font: `${height >= 14 ? 11 : 9.5}px system-ui, sans-serif`,
          verticalAlign: 'middle',
        },
        silent: true,
      });
    return { type: 'group', children };
  };
  return {
    type: 'custom',
    z: lane === 'ghost' ? 2 : 3,
    clip: true,
    data: bars.map((bar) => ({ value: [bar.start, bar.end, bar.row], bar, lane })),
    encode: { x: [0, 1], y: 2 },
    renderItem,
  };
}

function barStyle(lane: Lane, { changed }: GanttBar, { view }: GanttLook, colours: Palette) {
  if (lane === 'after' && changed)
    return { fill: colours.changed, edge: colours.changedEdge, text: colours.changedText, opacity: 1 };
  const steppedBack = lane === 'before' || (lane === 'after' && view === 'difference');
  return { fill: colours.bar, edge: colours.barEdge, text: colours.barText, opacity: steppedBack ? 0.6 : 1 };
}

/** The right edge of an order that ends late: a stripe and a triangle, so that it is not told by colour alone. */
function lateMark(x: number, y: number, height: number, colours: Palette, opacity: number): Item[] {
  const size = Math.min(8, height);
  return [
    rectangle(x - 2.5, y, 2.5, height, { fill: colours.lateEdge, opacity }),
    {
      type: 'polygon',
      shape: {
        points: [
          [x - 2.5, y],
          [x - 2.5 - size, y],
          [x - 2.5, y + size],
        ],
      },
      style: { fill: colours.lateEdge, opacity },
    },
  ];
}

/** The line at which the plant is now. */
export function nowLine({ now }: GanttLook, colours: Palette) {
  const renderItem: CustomSeriesRenderItem = (params, api) => {
    const { y: top, height } = params.coordSys as unknown as Box;
    const x = Math.round(api.coord([now, 0])[0] ?? 0) + 0.5;
    return line(x, top, x, top + height, colours.now, 1.5);
  };
  return { type: 'custom', silent: true, z: 5, clip: true, data: [[now, 0]], encode: { x: 0 }, renderItem };
}
