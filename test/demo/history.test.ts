import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { openDispatchStates } from '../../src/plant/index.ts';
import { openStore } from '../../src/store/index.ts';
import { history, until, type WrittenHistory } from './history-file.ts';

const day = 86_400_000;

interface JobRow {
  id: string;
  request: string;
  sequence: number;
  status: string;
  machine: string | null;
  quantity: number;
  start: number | null;
  end: number | null;
}

/** What a file says of the plant, without what differs by wall clock and key. */
function digest({ rows }: WrittenHistory): string {
  const hash = createHash('sha256');
  for (const table of [
    ...['equipment', 'work_request', 'job_order', 'material_lot', 'equipment_state_event', 'material_actual'],
    ...['inspection_result', 'energy_actual', 'work_record', 'tag', 'tag_sample', 'schedule_entry'],
    'work_calendar_entry',
  ])
    for (const row of rows(`SELECT * FROM ${table}`)) hash.update(JSON.stringify(row));
  return hash.digest('hex');
}

describe('seven days of history', () => {
  let written: WrittenHistory;
  before(async () => {
    written = await history(1, 7);
  });
  after(() => written.remove());

  const jobs = () =>
    written.rows<JobRow>(
      `SELECT j.job_order_id AS id, j.work_request_id AS request, s.sequence, j.dispatch_status AS status,
         j.equipment_id AS machine, j.quantity, j.started_ms AS start, j.ended_ms AS end
       FROM job_order j JOIN process_segment s ON s.segment_id = j.segment_id ORDER BY j.work_request_id, s.sequence`,
    );

  it('is the same for the same seed, days and end, and another for another seed', async () => {
    const digests: string[] = [];
    for (const seed of [1, 1, 2]) {
      const short = await history(seed, 1);
      digests.push(digest(short));
      await short.remove();
    }
    assert.equal(digests[1], digests[0]);
    assert.notEqual(digests[2], digests[0]);
  });

  it('gives every machine exactly one state at every instant', () => {
    const { from } = written.summary;
    const machines = written.rows<{ id: string }>(`SELECT equipment_id AS id FROM equipment WHERE level = 'WorkUnit'`);
    for (const { id } of machines) {
      const states = written.rows<{ start: number; end: number | null }>(
        'SELECT start_ms AS start, end_ms AS end FROM equipment_state_event WHERE equipment_id = ? ORDER BY start_ms',
        id,
      );
      assert.equal(states[0]?.start, from);
      states.forEach((state, i) => assert.equal(state.end, states[i + 1]?.start ?? null, id));
    }
  });

  it('makes what was ordered, in the order of the routing, one job on a machine at a time', () => {
    const made = new Map(
      written
        .rows<{ id: string; usable: number }>(
          'SELECT job_order_id AS id, sum(good + rework) AS usable FROM material_actual GROUP BY 1',
        )
        .map(({ id, usable }) => [id, usable]),
    );
    const all = jobs();
    const { from } = written.summary;
    let complete = 0;
    for (const job of all) {
      if (job.start !== null && job.start >= from && job.status === 'Completed') {
        assert.equal(made.get(job.id), job.quantity, job.id);
        complete++;
      }
      const before = all.find((other) => other.request === job.request && other.sequence === job.sequence - 10);
      if (before && job.start !== null) assert.ok(before.end !== null && before.end <= job.start, job.id);
    }
    assert.ok(complete > 150, String(complete));
    const byMachine = Map.groupBy(
      all.filter((job) => job.start !== null),
      (job) => job.machine ?? '',
    );
    for (const [machine, list] of byMachine) {
      list.sort((a, b) => a.start! - b.start!);
      list.slice(1).forEach((job, i) => assert.ok((list[i]!.end ?? Infinity) <= job.start!, `${machine} ${job.id}`));
    }
  });

  it('ends with states that match the jobs under way, and without a breakdown', () => {
    const running = new Map(jobs().flatMap((job) => (job.status === 'Running' ? [[job.machine, job.id]] : [])));
    const now = written.rows<{ id: string; state: string; reason: string | null }>(
      'SELECT equipment_id AS id, state, reason_code AS reason FROM equipment_state_event WHERE end_ms IS NULL',
    );
    assert.equal(now.length, 16);
    for (const { id, state, reason } of now) {
      if (state === 'Execute' || reason === 'setup') assert.ok(running.has(id), id);
      if (state === 'Idle') assert.ok(!running.has(id), id);
      assert.notEqual(reason, 'breakdown');
    }
  });

  it('inspects every rejected part', () => {
    const [rejects] = written.rows<{ n: number }>('SELECT sum(scrap + rework) AS n FROM material_actual');
    const [failed] = written.rows<{ n: number }>(`SELECT count(*) AS n FROM inspection_result WHERE verdict = 'fail'`);
    assert.ok(rejects!.n > 100);
    assert.equal(failed?.n, rejects?.n);
    const [defects] = written.rows<{ n: number }>('SELECT count(DISTINCT defect) AS n FROM inspection_result');
    assert.equal(defects?.n, 6);
  });

  it('keeps energy, temperature and speed physically sound', () => {
    const [energy] = written.rows<{ least: number; most: number; hours: number }>(
      'SELECT min(kwh) AS least, max(kwh) AS most, sum(end_ms - start_ms) / 3600000.0 AS hours FROM energy_actual',
    );
    assert.ok(energy!.least > 0 && energy!.most < 20);
    assert.ok(Math.abs(energy!.hours - (16 * (until - written.summary.from)) / 3_600_000) < 1e-6);
    const range = (signal: string) =>
      written.rows<{ least: number; most: number }>(
        `SELECT min(value) AS least, max(value) AS most FROM tag_sample JOIN tag USING (tag_id) WHERE name LIKE ?`,
        `%/${signal}`,
      )[0]!;
    assert.ok(range('Temperature').least > 10 && range('Temperature').most < 70);
    assert.ok(range('ToolLife').least >= 0 && range('ToolLife').most <= 100);
    assert.ok(range('SpindleSpeed').least === 0 && range('SpindleSpeed').most <= 18_000);
  });

  it('has ten-minute means, and thirty-second values in the last 24 hours', () => {
    const gaps = (from: number, to: number) =>
      written.rows<{ gap: number }>(
        `SELECT source_ms - lag(source_ms) OVER (PARTITION BY tag_id ORDER BY source_ms) AS gap FROM tag_sample
         WHERE source_ms > ? AND source_ms < ?`,
        from,
        to,
      );
    const least = (list: { gap: number | null }[]) =>
      Math.min(...list.flatMap(({ gap }) => (gap === null ? [] : [gap])));
    assert.equal(least(gaps(written.summary.from, until - day)), 600_000);
    assert.equal(least(gaps(until - day, until)), 30_000);
  });

  it('leaves 40 to 80 orders open under a live plan of all their operations, and write in force', async () => {
    const { openOrders, livePlanId } = written.summary;
    assert.ok(openOrders >= 40 && openOrders <= 80, String(openOrders));
    const store = await openStore({ file: written.file });
    try {
      const state = await store.loadPlantState(until);
      assert.equal(state.workRequests.length, openOrders);
      const plan = await store.livePlan();
      assert.equal(plan?.scheduleId, livePlanId);
      const open = state.jobOrders
        .filter(({ dispatchStatus: s }) => s === 'Running' || openDispatchStates.includes(s))
        .map((job) => job.jobOrderId);
      assert.deepEqual(plan.entries.map((entry) => entry.jobOrderId).sort(), open.sort());
      assert.equal(await store.modeInForce('planning', 'plan'), 'write');
      assert.ok((await store.verifyAudit()).verified);
    } finally {
      await store.close();
    }
  });

  it('speaks of machines in two languages by several hands', () => {
    const entries = written.rows<{ author: string; language: string }>('SELECT author, language FROM work_record');
    assert.ok(new Set(entries.map(({ author }) => author)).size >= 3);
    assert.deepEqual([...new Set(entries.map(({ language }) => language))].sort(), ['de', 'en']);
  });
});
