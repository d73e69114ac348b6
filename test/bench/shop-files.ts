import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { buildShop, type Shop, type ShopOperation } from '../../src/planning/graph/index.ts';

/** Formats of public scheduling instances. */
export type ShopFormat = 'jobshop' | 'fjsp' | 'fjsp-sdst';

/** An instance as it lies in a file. */
export interface ShopInstance {
  /** File name without its ending. */
  stem: string;
  file: string;
  shop: Shop;
}

/** A setup this long says that the pair is impossible on the machine. */
const impossible = 1_000_000;

/** All instances below a folder, by name; other files (licences, JSON) are left out. */
export function readInstances(folder: string, format: ShopFormat, machineBase: 0 | 1): ShopInstance[] {
  return filesBelow(folder)
    .filter(
      (file) => ['.txt', '.fjs', '.jsp', ''].includes(extname(file)) && !/licen[cs]e|readme/i.test(basename(file)),
    )
    .sort()
    .map((file) => ({
      stem: basename(file, extname(file)),
      file,
      shop: parseShop(readFileSync(file, 'utf8'), format, machineBase),
    }));
}

/** Reads one instance; throws where the numbers do not add up. */
export function parseShop(text: string, format: ShopFormat, machineBase: 0 | 1): Shop {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const header = numbers(lines[0] ?? '');
  const [jobs = 0, machines = 0] = header;
  const body = numbers(lines.slice(1).join(' '));
  let at = 0;
  const take = () => {
    const value = body[at++];
    if (value === undefined || !Number.isFinite(value)) throw new Error('the instance ends too early');
    return value;
  };
  const operations: ShopOperation[] = [];
  for (let job = 0; job < jobs; job++) {
    const count = format === 'jobshop' ? machines : take();
    for (let i = 0; i < count; i++) {
      const choices = format === 'jobshop' ? 1 : take();
      const alternatives = Array.from({ length: choices }, () => {
        const machine = take() - machineBase;
        if (machine < 0 || machine >= machines) throw new Error(`machine ${String(machine + machineBase)} is unknown`);
        return { machine, duration: take() };
      });
      operations.push({ predecessors: i > 0 ? [operations.length - 1] : [], alternatives });
    }
  }
  if (format !== 'fjsp-sdst') return buildShop(machines, operations);
  const n = operations.length;
  const times = Int32Array.from({ length: machines * n * n }, () => Math.min(take(), impossible));
  return buildShop(machines, operations, {
    classes: n,
    classOf: Int32Array.from({ length: n }, (_unused, v) => v),
    times,
  });
}

/** Best-known makespans: a list as ScheduleOpt/benchmarks publishes it, or an object by file stem. */
export function readBest(file: string | undefined): (instance: ShopInstance) => number | null {
  if (!file) return () => null;
  const content = JSON.parse(readFileSync(file, 'utf8')) as
    Record<string, number> | { instance: string; upper_bound?: number }[];
  if (!Array.isArray(content)) return ({ stem }) => content[stem] ?? null;
  const byName = new Map(content.map((row) => [row.instance, row.upper_bound ?? null]));
  return (instance) =>
    aliasesOf(instance)
      .map((name) => byName.get(name))
      .find((best) => typeof best === 'number') ?? null;
}

/** Names under which the list knows an instance; kacem's `k1` is another instance there and has none. */
function aliasesOf({ stem, file }: ShopInstance): string[] {
  const data = /\b([ersv]data)\b/.exec(file)?.[1];
  if (data) return [`${stem.replace(/^mt/, 'ft')}_${data}`];
  const fattahi = /^([sm])fjs0*(\d+)$/.exec(stem);
  if (fattahi) return [`fattahi${String(Number(fattahi[2]) + (fattahi[1] === 'm' ? 10 : 0))}`];
  const kacem = /^k(\d)$/.exec(stem);
  if (kacem) return kacem[1] === '1' ? [] : [`kacem${kacem[1] ?? ''}`];
  return [stem, `${stem}js`];
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

function numbers(text: string): number[] {
  return text.split(/\s+/).filter(Boolean).map(Number);
}
