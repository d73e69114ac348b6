import { MillwrightError } from '../kernel/index.ts';
import type { EquipmentStateEvent } from '../plant/index.ts';
import type { Actor, Store } from '../store/index.ts';
import {
  subjectKey,
  type AcceptedLaw,
  type CalibrationProposal,
  type DriftReport,
  type JobRecord,
  type PlantHistory,
} from '../twin/index.ts';

/** What the plant's history says of the twin's numbers. Instants in milliseconds since 1970 UTC. */
export interface CalibrationReport {
  at: number;
  /** The stretch of history that was read. */
  from: number;
  to: number;
  /** From here on twin and plant were compared for drift. */
  driftFrom: number;
  proposals: CalibrationProposal[];
  drift: DriftReport;
}

/** Newest rows read: some years of a plant of twenty machines, months of one of hundreds. */
const rowsAtMost = 200_000;
const limits = { rows: rowsAtMost, limitMs: 60_000 };

/** Reads what `observe` needs from the store's views. */
export async function readPlantHistory(store: Pick<Store, 'query'>, from: number, to: number): Promise<PlantHistory> {
  const states = await store.query(
    `SELECT equipment_id, state, reason, start_ms, end_ms FROM kpi_state
     WHERE start_ms < ? AND (end_ms IS NULL OR end_ms > ?)
       AND (state = 'Execute' OR reason IN ('setup', 'breakdown', 'tool-change', 'cleaning', 'quality-hold'))
     ORDER BY start_ms DESC LIMIT ?`,
    [to, from, rowsAtMost],
    limits,
  );
  const jobs = await store.query(
    `SELECT j.equipment_id, j.material_id, j.started_ms, j.ended_ms, c.standard_s
     FROM kpi_job j LEFT JOIN (
       SELECT job_order_id, sum((good + scrap + rework) * seconds_per_unit) AS standard_s FROM kpi_count
       WHERE end_ms >= ? GROUP BY job_order_id) c ON c.job_order_id = j.job_order_id
     WHERE j.started_ms >= ? AND j.started_ms < ? ORDER BY j.started_ms DESC LIMIT ?`,
    [from, from, to, rowsAtMost],
    limits,
  );
  // Where there are more rows than are read, the history begins later.
  const read = states.length < rowsAtMost ? from : Math.max(from, Number(states.at(-1)?.['start_ms']));
  return { from: read, to, states: states.map(stateOf), jobs: jobs.map(jobOf).filter((job) => job.startedAt >= read) };
}

function stateOf(row: Record<string, unknown>): EquipmentStateEvent {
  const { reason, end_ms: end } = row;
  return {
    equipmentId: String(row['equipment_id']),
    state: row['state'] as EquipmentStateEvent['state'],
    ...(reason === null ? {} : { reason: reason as NonNullable<EquipmentStateEvent['reason']> }),
    start: Number(row['start_ms']),
    ...(end === null ? {} : { end: Number(end) }),
  };
}

function jobOf(row: Record<string, unknown>): JobRecord {
  const { ended_ms: ended, standard_s: standard } = row;
  return {
    equipmentId: String(row['equipment_id']),
    materialId: String(row['material_id']),
    startedAt: Number(row['started_ms']),
    ...(ended === null ? {} : { endedAt: Number(ended) }),
    ...(standard === null ? {} : { standardSeconds: Number(standard) }),
  };
}

/**
 * Puts chosen proposals of a report in force and takes others back to the standard, in the name of a person; what the
 * person saw goes into the audit entry.
 * @param accept subjects (`subjectKey`) of proposals with a fitted law
 * @param withdraw subjects whose standard is to hold again
 * @throws `MW_RECORD_UNKNOWN` for a subject that the report has no law for; then nothing is changed
 */
export async function acceptCalibration(
  store: Pick<Store, 'acceptTwinParameters'>,
  report: CalibrationReport,
  { accept, withdraw }: { accept: readonly string[]; withdraw: readonly string[] },
  actor: Actor,
): Promise<void> {
  const known = new Map(report.proposals.map((proposal) => [subjectKey(proposal.subject), proposal]));
  const seen = accept.map((key) => {
    const proposal = known.get(key);
    if (!proposal?.fitted) throw new MillwrightError('MW_RECORD_UNKNOWN', { kind: 'proposal', id: key });
    return { key, proposal, fitted: proposal.fitted };
  });
  const rows = seen.map(({ key, proposal, fitted }) => {
    const accepted: AcceptedLaw = { subject: proposal.subject, law: fitted.law };
    return { subject: key, value: { ...accepted } };
  });
  const evidence = {
    from: report.from,
    to: report.to,
    proposals: seen.map(({ key, proposal: { current, count }, fitted: { mean, pValue, best } }) => ({
      ...{ subject: key, current, count, mean: mean.value, low: mean.low, pValue, best },
      high: Number.isFinite(mean.high) ? mean.high : null,
    })),
  };
  await store.acceptTwinParameters([...rows, ...withdraw.map((subject) => ({ subject }))], evidence, actor);
}
