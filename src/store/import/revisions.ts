import type { JobOrder } from '../../plant/index.ts';
import type { ImportHint } from './fault.ts';
import type { TableRow } from './read-rows.ts';
import type { Tables } from './to-tables.ts';

const routingTables = ['operations', 'operation_equipment', 'operation_materials', 'operation_lags'] as const;

/**
 * Keeps routings by their revision (`version`), as they come from product data: what open job orders follow stays, and
 * so does the newest revision where an older one arrives later; revisions of one routing are put in order, so that new
 * orders take the newest. Changes `after`.
 */
export function keepRevisions(before: Tables, after: Tables, jobOrders: readonly JobOrder[]): ImportHint[] {
  const stored = revisionsIn(before.operations);
  const given = revisionsIn(after.operations);
  const fromFile = [...given].filter(([, { line }]) => line > 0);
  const inUse = new Set(jobOrders.map((job) => `${job.workMasterId}\n${job.workMasterVersion}`));
  const newest = new Map<string, string>();
  for (const { id, version } of stored.values())
    if (compareRevisions(newest.get(id) ?? '', version) < 0) newest.set(id, version);
  const hints = fromFile.flatMap(([key, { id, version, line }]): ImportHint[] => {
    const at = { table: 'operations', line, found: `${id} / ${version}` } as const;
    const latest = newest.get(id) ?? '';
    if (
      compareRevisions(version, latest) < 0 &&
      !fromFile.some(([, each]) => each.id === id && each.version === latest)
    )
      return [{ ...at, kind: 'older-revision', expected: latest }];
    const differs = inUse.has(key) && stored.has(key) && contentOf(before, key) !== contentOf(after, key);
    return differs ? [{ ...at, kind: 'revision-changed' }] : [];
  });
  const kept = new Set(
    [...stored].flatMap(([key, { id, version }]) => {
      const rivals = [...given.values()].filter((each) => each.id === id);
      const isNewest = rivals.length > 0 && rivals.every((each) => compareRevisions(each.version, version) < 0);
      return !given.has(key) && (isNewest || inUse.has(key)) ? [key] : [];
    }),
  );
  for (const table of routingTables) {
    const own = (after[table] ?? []).filter((row) => given.has(keyOf(row)));
    after[table] = [...(before[table] ?? []).filter((row) => kept.has(keyOf(row))), ...own];
  }
  after.operations = inOrder(after.operations ?? []);
  return hints;
}

/**
 * Compares two revisions: `2` before `10`, `1.2` before `1.10`, `Z` before `AA`, `B` before `C`.
 * @returns negative, 0 or positive as sorting wants it
 */
function compareRevisions(a: string, b: string): number {
  const isLetters = /^[a-z]+$/i.test(a) && /^[a-z]+$/i.test(b);
  return (isLetters ? a.length - b.length : 0) || natural.compare(a, b);
}

const natural = new Intl.Collator('en', { numeric: true });

interface Revision {
  id: string;
  version: string;
  /** Line of its first operation. */
  line: number;
}

function revisionsIn(operations: readonly TableRow[] = []): Map<string, Revision> {
  const revisions = new Map<string, Revision>();
  for (const row of operations) {
    const { work_master_id: id, version } = row.values;
    if (!revisions.has(keyOf(row)))
      revisions.set(keyOf(row), { id: String(id), version: String(version), line: row.line });
  }
  return revisions;
}

/** Rows of one routing take the places that they have, in the order of its revisions. */
function inOrder(rows: readonly TableRow[]): TableRow[] {
  const sorted = Map.groupBy(rows, ({ values }) => values.work_master_id);
  for (const own of sorted.values())
    own.sort((a, b) => compareRevisions(String(a.values.version), String(b.values.version)));
  return rows.map(({ values }) => sorted.get(values.work_master_id)!.shift()!);
}

function contentOf(tables: Tables, key: string): string {
  const rows = routingTables.map((table) => (tables[table] ?? []).filter((row) => keyOf(row) === key));
  return JSON.stringify(
    rows.map((list) => list.map(({ values }) => JSON.stringify(Object.entries(values).sort())).sort()),
  );
}

function keyOf({ values }: TableRow): string {
  return `${String(values.work_master_id)}\n${String(values.version)}`;
}
