import assert from 'node:assert/strict';
import { openAsk } from '../../src/language/index.ts';
import { makeDataset, openDataset } from './dataset.ts';
import { now } from './support.ts';

const data = makeDataset(11);
const ports = openDataset(data);
const ask = openAsk(ports);
const minute = 60_000;
after(() => ports.db.close());

interface Stop {
  machine: string;
  line: string;
  reason: string | null;
  start: number;
  end: number;
}

/** Stops by plain loops: stretches of one machine and reason that adjoin are one. */
function stopsOf(): Stop[] {
  const stops: Stop[] = [];
  for (const row of data.kpi_state) {
    const isDown =
      row.reason === null ? /Abort|Clearing|Hold|Held/.test(row.state) : row.reason !== 'planned-maintenance';
    if (!isDown) continue;
    const last = stops.at(-1);
    const end = row.end_ms ?? now;
    if (last?.machine === row.equipment_id && last.reason === row.reason && last.end === row.start_ms) last.end = end;
    else stops.push({ machine: row.equipment_id, line: row.line_id, reason: row.reason, start: row.start_ms, end });
  }
  return stops;
}

const monday = Date.parse('2026-11-16T06:00:00+01:00');
const [from, to] = [monday, monday + 7 * 86_400_000];
const lasts = (stop: Stop) => (stop.end - stop.start) / minute;

describe('stops by how long they lasted', () => {
  const stops = stopsOf();

  it('are counted whole, each from its first stretch to its last', async () => {
    for (const [words, keeps] of [
      ['longer than 90 minutes', (stop: Stop) => lasts(stop) > 90],
      ['of at least two hours', (stop: Stop) => lasts(stop) >= 120],
      ['shorter than 30 min', (stop: Stop) => lasts(stop) < 30],
    ] as const) {
      const answer = await ask.answer({ text: `How many stops ${words} were there last week?`, now });
      const expected = stops.filter((stop) => stop.start >= from && stop.start < to && keeps(stop)).length;
      assert.ok(expected > 5, `${words}: ${expected}`);
      assert.equal(answer.value, expected, words);
    }
  });

  it('are added up by the time that lies in the period', async () => {
    const answer = await ask.answer({ text: 'Stillstandszeit länger als 90 Minuten auf Linie 2 letzte Woche', now });
    const expected = stops
      .filter((stop) => stop.line === 'line-2' && lasts(stop) > 90)
      .reduce((sum, stop) => sum + Math.max(0, Math.min(stop.end, to) - Math.max(stop.start, from)) / minute, 0);
    assert.ok(typeof answer.value === 'number' && Math.abs(answer.value - expected) < 1e-6, String(answer.value));
  });

  it('are listed with beginning, end and length', async () => {
    const answer = await ask.answer({ text: 'list stops over two hours on CNC-22 last week', now });
    const expected = stops.filter(
      (stop) => stop.machine === 'CNC-22' && lasts(stop) > 120 && stop.start >= from && stop.start < to,
    );
    assert.ok(expected.length > 0);
    assert.deepEqual(
      answer.rows.map((row) => [row['start_ms'], row['end_ms'], row['reason']]),
      expected.map((stop) => [stop.start, stop.end, stop.reason]),
    );
  });

  it('are no filter of what has no stops', async () => {
    const { refusal } = await ask.answer({ text: 'OEE longer than 10 minutes last week', now });
    assert.equal(refusal?.type, 'out_of_scope');
  });
});

describe('machines by their present state', () => {
  it('are listed, and an empty list says that there is none', async () => {
    const held = await ask.answer({ text: 'Which machines are down right now?', now });
    const expected = data.kpi_state.filter((row) => row.end_ms === null && /Abort|Clearing|Hold|Held/.test(row.state));
    assert.deepEqual(held.rows.map((row) => row['machine']).sort(), expected.map((row) => row.equipment_id).sort());
    assert.equal(held.value, expected.length);
  });
});
