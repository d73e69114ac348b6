import assert from 'node:assert/strict';
import { DateTime } from 'luxon';
import { shiftsBetween } from '../../src/plant/index.ts';
import { northfieldModel } from '../../src/demo/index.ts';
import { history, until, type WrittenHistory } from './history-file.ts';

const day = 86_400_000;

/** The three planted stories, found in the rows by plain SQL and arithmetic. */
describe('planted stories in 35 days', () => {
  let written: WrittenHistory;
  before(async () => {
    written = await history(7, 35);
  });
  after(() => written.remove());

  it('scrap on Line 3 rises after the tool supplier changed, elsewhere it does not', () => {
    const [entry] = written.rows<{ at: number }>(
      `SELECT at_ms AS at FROM work_record WHERE lower(body) LIKE '%supplier%' OR lower(body) LIKE '%lieferant%'`,
    );
    const change = entry!.at;
    assert.equal(change, written.summary.stories.supplierChangeAt);
    const made = (line: string, condition: string) =>
      written.rows<{ scrap: number; parts: number }>(
        `SELECT sum(scrap) AS scrap, sum(good + scrap + rework) AS parts FROM kpi_count
         WHERE line_id = ? AND end_ms ${condition} ?`,
        line,
        change,
      )[0]!;
    /** Two-proportion z statistic of scrap after the change against scrap before it. */
    const z = (line: string) => {
      const [after, before] = [made(line, '>'), made(line, '<=')];
      const share = (after.scrap + before.scrap) / (after.parts + before.parts);
      const error = Math.sqrt(share * (1 - share) * (1 / after.parts + 1 / before.parts));
      return (after.scrap / after.parts - before.scrap / before.parts) / error;
    };
    assert.ok(z('line-3') > 6, String(z('line-3')));
    for (const line of ['line-1', 'line-2', 'line-4']) assert.ok(Math.abs(z(line)) < 3.3, `${line} ${String(z(line))}`);
  });

  it("CNC-22's vibration grows for nine days until its bearing fails, and is sound after the repair", () => {
    const failure = written.summary.stories.bearingFailureAt!;
    const [stop] = written.rows<{ start: number; end: number }>(
      `SELECT start_ms AS start, end_ms AS end FROM kpi_state
       WHERE equipment_id = 'CNC-22' AND reason = 'breakdown' AND end_ms - start_ms > 3 * 3600000 ORDER BY start_ms`,
    );
    assert.ok(stop!.start >= failure && stop!.start - failure < 4 * 3_600_000);
    const mean = (from: number, to: number) =>
      written.rows<{ mean: number }>(
        `SELECT avg(value) AS mean FROM tag_sample JOIN tag USING (tag_id)
         WHERE name = 'line-2/CNC-22/Vibration' AND source_ms >= ? AND source_ms < ?`,
        from,
        to,
      )[0]!.mean;
    const sound = mean(failure - 15 * day, failure - 9 * day);
    const growth = [8, 6, 4, 2, 1].map((before) => mean(failure - before * day, failure - (before - 1) * day));
    assert.ok(sound < 1.6, String(sound));
    [sound, ...growth].slice(1).forEach((value, i) => assert.ok(value > [sound, ...growth][i]!, growth.join(' ')));
    assert.ok(growth.at(-1)! > 4 * sound, String(growth.at(-1)));
    assert.ok(mean(stop!.end, until) < 1.6);
  });

  it("the Night shift's changeovers on Line 2 take a third longer than the plan says, the others do not", () => {
    const shifts = shiftsBetween(northfieldModel().calendar, written.summary.from - day, until);
    const planned = new Map(
      written
        .rows<{ machine: string; job: string; seconds: number }>(
          `SELECT e.equipment_id AS machine, e.job_order_id AS job, e.setup_seconds AS seconds
           FROM schedule_entry e JOIN work_schedule USING (work_schedule_key) ORDER BY created_ms`,
        )
        .map(({ machine, job, seconds }) => [`${machine} ${job}`, seconds]),
    );
    const jobs = written.rows<{ job: string; machine: string; line: string; at: number }>(
      `SELECT job_order_id AS job, equipment_id AS machine, line_id AS line, started_ms AS at FROM kpi_job
       WHERE started_ms >= ?`,
      written.summary.from,
    );
    const ratio = (line: string, night: boolean) => {
      let took = 0;
      let plan = 0;
      for (const { job, machine, at, line: own } of jobs) {
        const seconds = planned.get(`${machine} ${job}`);
        const shift = shifts.find(({ start, end }) => start <= at && end > at);
        if (own !== line || !seconds || (shift?.shiftId === 'night') !== night) continue;
        const [setup] = written.rows<{ seconds: number }>(
          `SELECT (end_ms - start_ms) / 1000.0 AS seconds FROM equipment_state_event
           WHERE equipment_id = ? AND reason_code = 'setup' AND start_ms = ?`,
          machine,
          at,
        );
        if (!setup) continue;
        took += setup.seconds;
        plan += seconds;
      }
      return took / plan;
    };
    assert.ok(Math.abs(ratio('line-2', true) - 4 / 3) < 0.1, String(ratio('line-2', true)));
    assert.ok(Math.abs(ratio('line-2', false) - 1) < 0.06, String(ratio('line-2', false)));
    assert.ok(Math.abs(ratio('line-1', true) - 1) < 0.08, String(ratio('line-1', true)));
  });

  it('works near its capacity, with most orders on time but not all', () => {
    const shifts = shiftsBetween(northfieldModel().calendar, written.summary.from, until);
    const open = shifts.reduce((sum, { start, end }) => sum + Math.min(end, until) - start, 0);
    const [busy] = written.rows<{ ms: number }>(
      `SELECT sum(coalesce(end_ms, ?) - start_ms) AS ms FROM equipment_state_event
       WHERE state = 'Execute' OR reason_code IN ('setup', 'tool-change', 'breakdown', 'cleaning', 'quality-hold')`,
      until,
    );
    const load = busy!.ms / (16 * open);
    assert.ok(load > 0.7 && load < 0.88, String(load));
    const [orders] = written.rows<{ late: number; done: number }>(
      'SELECT sum(completed_ms > due_ms) AS late, count(*) AS done FROM kpi_order WHERE completed_ms >= ?',
      written.summary.from,
    );
    assert.equal(orders?.done, written.summary.completedOrders);
    assert.equal(orders.late, written.summary.lateOrders);
    assert.ok(orders.late > 0 && orders.late / orders.done < 0.4, String(orders.late / orders.done));
  });

  it('keeps daylight saving: shifts begin at 06:00 local time throughout', () => {
    const { rows } = written;
    const starts = rows<{ at: number }>('SELECT DISTINCT released_ms AS at FROM work_request');
    for (const { at } of starts) assert.equal(DateTime.fromMillis(at, { zone: 'Europe/Berlin' }).hour, 6);
    assert.ok(
      new Set(starts.map(({ at }) => new Date(at).getUTCHours())).size === 2,
      'the clocks went back on 25 October',
    );
  });
});
