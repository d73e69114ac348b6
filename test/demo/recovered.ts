import assert from 'node:assert/strict';
import { northfieldModel } from '../../src/demo/index.ts';
import { shiftsBetween } from '../../src/plant/index.ts';
import { estimate, fitLaw } from '../../src/statistics/index.ts';
import { readPlantHistory } from '../../src/scenarios/calibration.ts';
import { openStore } from '../../src/store/index.ts';
import { calibrate, defaultTwinParameters, observe, type CalibrationProposal } from '../../src/twin/index.ts';
import { until, type WrittenHistory } from './history-file.ts';

const hour = 3600;
const lognormalMean = (median: number, sigma: number) => median * Math.exp((sigma * sigma) / 2);

/** What the demo plant is made of (`stories.ts`, `wear.ts`): mean run time between stops and mean repair, seconds. */
const truth: Record<string, { between: number; repair: number }> = {
  cleaning: { between: 40 * hour, repair: lognormalMean(900, 0.3) },
  'quality-hold': { between: 220 * hour, repair: lognormalMean(1500, 0.5) },
  // Worn components add breakdowns with long repairs of their own, so only chance's frequency is known.
  breakdown: { between: 75 * hour, repair: NaN },
  // Tool life by Taylor's law differs by class.
  'tool-change': { between: NaN, repair: lognormalMean(420, 0.25) },
};
const secondLine = ['CNC-21', 'CNC-22', 'GRIND-23', 'WASH-24'];

/** Mean tool life in seconds of run time by class of machine: Taylor's (C/V)^(1/0.25) hours, median; spread 12 %. */
const toolLife: Record<string, number> = { saw: 1.75, cnc: 1.6, mill: 1.55, grind: 1.8, deburr: 1.85 };

/**
 * Asserts that what calibration says of a demo plant's history is what the plant was made of: of all 95 % intervals
 * of one kind at least `share` hold the true value.
 */
export async function recoversTheTruth(written: WrittenHistory, share: number): Promise<void> {
  const model = northfieldModel();
  const store = await openStore({ file: written.file });
  const history = await readPlantHistory(store, written.summary.from, until).finally(() => store.close());
  const observations = observe(model, history);
  const proposals = calibrate(observations, defaultTwinParameters(model), 1);
  const covered = new Map<string, { holds: number; of: number }>();
  const note = (kind: string, { fitted }: Pick<CalibrationProposal, 'fitted'>, value: number) => {
    if (!fitted || Number.isNaN(value)) return;
    const tally = covered.get(kind) ?? { holds: 0, of: 0 };
    covered.set(kind, tally);
    tally.of++;
    if (fitted.mean.low <= value && value <= fitted.mean.high) tally.holds++;
  };
  const classOf = (id: string) => model.equipment.find(({ equipmentId }) => equipmentId === id)?.equipmentClassId ?? '';
  for (const proposal of proposals) {
    const { subject } = proposal;
    switch (subject.kind) {
      case 'time-between-stops':
        note(`between ${subject.reason}`, proposal, truth[subject.reason]!.between);
        if (subject.reason === 'tool-change')
          note('between tool-change', proposal, (toolLife[classOf(subject.equipmentId)] ?? NaN) ** 4 * hour);
        break;
      case 'repair-time':
        note(`repair ${subject.reason}`, proposal, truth[subject.reason]!.repair);
        break;
      case 'run-time':
        note('run-time', proposal, 1);
        break;
      case 'changeover-time':
        // Classes with machines on Line 2 mix in the slow Night shift there.
        if (!secondLine.some((id) => classOf(id) === subject.equipmentClassId)) note('changeover-time', proposal, 1);
    }
  }
  for (const [kind, { holds, of }] of covered)
    assert.ok(holds >= share * of - 1, `${kind}: ${String(holds)} of ${String(of)} intervals hold the truth`);
  // Quality holds are so rare that a short history has too few for a machine.
  const always = [
    'between breakdown',
    'between cleaning',
    'between tool-change',
    'repair cleaning',
    'repair tool-change',
  ];
  for (const kind of [...always, 'run-time', 'changeover-time']) assert.ok(covered.has(kind), kind);

  // The Night shift on Line 2 takes a third longer for a change of family; others, and other shifts, do not.
  const shifts = shiftsBetween(model.calendar, history.from, history.to);
  // A job that starts at the very instant of a change of shift still varies as the old shift does.
  const isNight = (at: number) =>
    shifts.some(({ shiftId, start, end }) => shiftId === 'night' && start < at && at <= end);
  const factor = (night: boolean, second: boolean) => {
    const lifetimes = observations.changeovers
      .filter(({ equipmentId, at }) => isNight(at) === night && secondLine.includes(equipmentId) === second)
      .map(({ ratio }) => ({ time: ratio, ended: true }));
    return estimate(fitLaw('lognormal', lifetimes)!, lifetimes, 'mean', 0.999);
  };
  for (const [night, second] of [
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ] as const) {
    const { value, low, high } = factor(night, second);
    const expected = night && second ? 4 / 3 : 1;
    assert.ok(
      low <= expected && expected <= high,
      `night ${String(night)}, Line 2 ${String(second)}: ${String(value)}`,
    );
  }
}
