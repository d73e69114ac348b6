import { throwIfAborted } from '../../kernel/index.ts';
import type { WorkRecord } from './cases.ts';
import { describeMeasured, type MachineHistory, type Measured, type SignalHistory } from './measured.ts';
import type { AdvicePorts } from './ports.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** Days that tell what is usual. */
const usualDays = 21;
const mostAggregates = 144 * (usualDays + 1);
const historyDays = 7;
const mostTags = 40;
/** Fewer do not tell a counter from a measured quantity. */
const leastAggregates = 20;
const recordsAtOnce = 1000;
/** A record belongs to a stop that ended at most so long before. */
const writtenAfterMs = 4 * hour;

/** A machine's recent features before an instant, read from the store. */
export async function observe(
  ports: AdvicePorts,
  equipmentId: string,
  at: number,
  language: 'en' | 'de',
  signal?: AbortSignal,
): Promise<Measured> {
  const tags = await tagsOf(ports, equipmentId);
  const signals: SignalHistory[] = [];
  for (const tag of tags) {
    throwIfAborted('advice', signal);
    const read = await signalHistory(ports, tag, at);
    if (read) signals.push(read);
  }
  return describeMeasured(equipmentId, at, signals, await machineHistory(ports, equipmentId, at), language);
}

interface TagRow {
  name: string;
  unit: string | null;
  low: number | null;
  high: number | null;
}

/** The machine's tags by the tag table, or by their name `line/machine/signal`. */
async function tagsOf({ query }: AdvicePorts, equipmentId: string): Promise<TagRow[]> {
  const escaped = equipmentId.replaceAll(/[!%_]/g, '!$&');
  return (await query(
    'select "name", "unit", "low", "high" from "kpi_tag" where "equipment_id" = ? or "name" like ? escape \'!\' order by "name" limit ?',
    [equipmentId, `%/${escaped}/%`, mostTags],
  )) as unknown as TagRow[];
}

/** Daily means; nothing where the tag is no measured quantity. */
async function signalHistory(ports: AdvicePorts, row: TagRow, at: number): Promise<SignalHistory | undefined> {
  const stretches = await ports.aggregates(row.name, at - (usualDays + 1) * day, at, mostAggregates);
  if (stretches.length < leastAggregates || isCounter(stretches)) return undefined;
  const byDay = new Map<number, { sum: number; count: number }>();
  for (const { start, count, mean } of stretches) {
    const back = Math.floor((at - start) / day);
    const { sum, count: before } = byDay.get(back) ?? { sum: 0, count: 0 };
    byDay.set(back, { sum: sum + mean * count, count: before + count });
  }
  const means = [...byDay].map(([back, { sum, count }]) => ({ back, mean: sum / count }));
  const recent = means.find(({ back }) => back === 0)?.mean;
  return {
    signal: row.name.slice(row.name.lastIndexOf('/') + 1),
    ...(row.unit === null ? {} : { unit: row.unit }),
    ...(row.low === null ? {} : { low: row.low }),
    ...(row.high === null ? {} : { high: row.high }),
    days: means.filter(({ back }) => back > 0).map(({ mean }) => mean),
    ...(recent === undefined ? {} : { recent }),
  };
}

/** Never falls from one stretch to the next, or never changes. */
function isCounter(stretches: readonly { min: number; max: number }[]): boolean {
  return stretches.every(({ min }, i) => i === 0 || min >= stretches[i - 1]!.max);
}

async function machineHistory({ query }: AdvicePorts, equipmentId: string, at: number): Promise<MachineHistory> {
  const from = at - historyDays * day;
  const [stops] = await query(
    'select count(*) as "n", sum(coalesce("end_ms", ?) - "start_ms") as "ms" from "kpi_state" where "equipment_id" = ? and "reason" = ? and "start_ms" >= ? and "start_ms" < ?',
    [at, equipmentId, 'breakdown', from, at],
  );
  const [parts] = await query(
    'select sum("good" + "scrap" + "rework") as "all", sum("scrap" + "rework") as "rejects" from "kpi_count" where "equipment_id" = ? and "end_ms" > ? and "end_ms" <= ?',
    [equipmentId, from, at],
  );
  return {
    breakdowns: Number(stops?.['n'] ?? 0),
    breakdownMinutes: Number(stops?.['ms'] ?? 0) / 60_000,
    parts: Number(parts?.['all'] ?? 0),
    rejects: Number(parts?.['rejects'] ?? 0),
    days: historyDays,
  };
}

/** The maintenance log from an instant on, oldest first, in portions; ends where there is nothing more. */
export async function* readRecords({ query }: AdvicePorts, from: number): AsyncGenerator<WorkRecord[]> {
  let after = from;
  let last = '';
  for (;;) {
    const rows = await query(
      'select "m"."entry_id", "m"."equipment_id", "m"."at_ms", "m"."language", "m"."body", ' +
        '(select "s"."reason" from "kpi_state" as "s" where "s"."equipment_id" = "m"."equipment_id" and "s"."reason" is not null ' +
        'and "s"."start_ms" < "m"."at_ms" and "s"."end_ms" between "m"."at_ms" - ? and "m"."at_ms" order by "s"."start_ms" desc limit 1) as "reason" ' +
        'from "kpi_maintenance" as "m" where "m"."at_ms" > ? or ("m"."at_ms" = ? and "m"."entry_id" > ?) ' +
        'order by "m"."at_ms", "m"."entry_id" limit ?',
      [writtenAfterMs, after, after, last, recordsAtOnce],
    );
    if (rows.length === 0) return;
    const records = rows.map((row) => ({
      entryId: String(row['entry_id']),
      equipmentId: String(row['equipment_id']),
      at: Number(row['at_ms']),
      language: row['language'] === 'de' ? ('de' as const) : ('en' as const),
      text: String(row['body']),
      ...(typeof row['reason'] === 'string' ? { reason: row['reason'] } : {}),
    }));
    yield records;
    const { at, entryId } = records.at(-1)!;
    [after, last] = [at, entryId];
    if (rows.length < recordsAtOnce) return;
  }
}
