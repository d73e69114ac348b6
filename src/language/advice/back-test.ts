import type { Advice, BackTest } from '../../contracts/index.ts';
import { monotonicMs, throwIfAborted } from '../../kernel/index.ts';
import { wilsonInterval } from '../../statistics/index.ts';
import type { Advisor } from './advisor.ts';
import type { Case } from './cases.ts';
import { phrases } from './phrases.ts';
import type { AdvicePorts } from './ports.ts';

const hour = 3_600_000;
/** A record is written so long after its stop began at most. */
const longestRepairMs = 3 * 24 * hour;
/** Hours before the stop at which advice is asked for once more, where it was right by a sign. */
const leads = [24, 72, 168];

/** How far a back-test is, and how it may be stopped. */
export interface BackTestOptions {
  requestId: string;
  /** The newest so many closed cases. */
  cases: number;
  language: 'en' | 'de';
  signal?: AbortSignal;
  onProgress?: (done: number, total: number) => void;
}

interface Tally {
  cases: number;
  top1: number;
  top3: number;
}

/**
 * Replays closed cases of the log: what was written when a stop was over is hidden, advice is asked for from before the
 * stop began, with the event and its reason alone, and its modes are compared with the one that the record of the repair
 * is about. Rejects with `MW_ABORTED` where the signal fires.
 */
export async function backTest(advisor: Advisor, ports: AdvicePorts, options: BackTestOptions): Promise<BackTest> {
  const { requestId, signal, onProgress } = options;
  const began = monotonicMs();
  const cases = await advisor.closedCases(options.cases);
  const all: Tally = { cases: 0, top1: 0, top3: 0 };
  const signed: Tally = { cases: 0, top1: 0, top3: 0 };
  const byMode = new Map<string, Tally>();
  const leadHours: number[] = [];
  let usualRight = 0;
  for (const [done, known] of cases.entries()) {
    throwIfAborted('back-test', signal);
    onProgress?.(done, cases.length);
    const code = known.code!;
    if (commonest(byMode) === code) usualRight++;
    const stop = await stopOf(ports, known);
    const advice = await advisor.advise(
      { ...stop, asset: known.equipmentId, language: known.language },
      signal ? { signal } : {},
    );
    const place = advice.candidateModes.findIndex((candidate) => candidate.code === code);
    const tallies = [all, tallyOf(byMode, code), ...(hasSign(advice) ? [signed] : [])];
    for (const tally of tallies) count(tally, place);
    if (place === 0 && hasSign(advice)) leadHours.push(await leadOf(advisor, known, stop.at, signal));
  }
  onProgress?.(cases.length, cases.length);
  const result = {
    requestId,
    cases: all.cases,
    top1: rate(all.top1, all.cases),
    top3: rate(all.top3, all.cases),
    baseline: rate(usualRight, all.cases),
    withSigns: { cases: signed.cases, top1: rate(signed.top1, signed.cases), top3: rate(signed.top3, signed.cases) },
    leadHours: { count: leadHours.length, median: median(leadHours) },
    byMode: [...byMode].map(([code, tally]) => ({ code, ...tally })).sort((a, b) => b.cases - a.cases),
    milliseconds: Math.round(monotonicMs() - began),
  };
  return { ...result, text: phrases[options.language].replayed(result) };
}

/** When the stop began that a record closes, with the event that it was; the record's own time where none is known. */
async function stopOf({ query }: AdvicePorts, { equipmentId, at, entryId }: Case) {
  const [row] = await query(
    'select "start_ms", "reason" from "kpi_state" where "equipment_id" = ? and "reason" is not null and "start_ms" < ? and "start_ms" >= ? and "reason" in (?, ?) order by "start_ms" desc limit 1',
    [equipmentId, at, at - longestRepairMs, 'breakdown', 'quality-hold'],
  );
  if (!row) return { at };
  const start = Number(row['start_ms']);
  const evidence = [{ name: 'reason', value: String(row['reason']) }];
  return { at: start, event: { eventId: entryId, kind: 'machine-down', start, evidence } };
}

/** Hours before the stop at which the mode already was first, by a sign. */
async function leadOf(
  advisor: Advisor,
  { equipmentId: asset, language, code }: Case,
  stopAt: number,
  signal?: AbortSignal,
): Promise<number> {
  let lead = 0;
  for (const hours of leads) {
    const advice = await advisor.advise({ asset, language, at: stopAt - hours * hour }, signal ? { signal } : {});
    if (advice.candidateModes[0]?.code !== code || !hasSign(advice)) break;
    lead = hours;
  }
  return lead;
}

/** Whether sensors or log had something to say, not the event alone. */
function hasSign({ symptoms, evidence }: Advice): boolean {
  const kinds = new Map(evidence.map(({ evidenceId, kind }) => [evidenceId, kind]));
  return symptoms.some((symptom) =>
    symptom.evidence.some((id) => kinds.get(id) === 'work-order' || kinds.get(id) === 'measurement'),
  );
}

function tallyOf(tallies: Map<string, Tally>, code: string): Tally {
  const tally = tallies.get(code) ?? { cases: 0, top1: 0, top3: 0 };
  tallies.set(code, tally);
  return tally;
}

function count(tally: Tally, place: number): void {
  tally.cases++;
  if (place === 0) tally.top1++;
  if (place >= 0 && place < 3) tally.top3++;
}

function commonest(tallies: ReadonlyMap<string, Tally>): string | undefined {
  return [...tallies].sort(([, a], [, b]) => b.cases - a.cases)[0]?.[0];
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1] ?? null;
}

/** A share with Wilson's interval at 95 %, rounded to a thousandth. */
function rate(count: number, of: number): BackTest['top1'] {
  const round = (value: number) => Math.round(1000 * value) / 1000;
  const { low, high } = wilsonInterval(count, of);
  return { count, share: of === 0 ? 0 : round(count / of), low: round(low), high: round(high) };
}
