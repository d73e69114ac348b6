import type { OpcuaServer, ServedUpdate, ServedValue } from '../connect/index.ts';
import type { EquipmentStateEvent } from '../plant/index.ts';
import { machineIds } from './northfield/equipment.ts';
import type { Happenings, PlantRun } from './plant-run.ts';
import { nodeIdOf } from './tags.ts';
import { Telemetry } from './telemetry.ts';

/** Telemetry is published no more often than this, the energy counters than that, in plant time. */
const telemetryMs = 5_000;
const energyMs = 60_000;

/** Shows a running plant on its server: state, reason, job order and counters at once, measured quantities in turn. */
export class Publisher {
  private readonly server: Pick<OpcuaServer, 'setValues'>;
  private readonly run: PlantRun;
  private readonly telemetry: Telemetry;
  private readonly counted = new Map<string, { Good: number; Scrap: number; Rework: number }>();
  private telemetryAt: number;
  private energyAt: number;

  constructor(server: Pick<OpcuaServer, 'setValues'>, run: PlantRun, seed: number) {
    this.server = server;
    this.run = run;
    this.telemetry = new Telemetry(seed);
    this.telemetryAt = run.now;
    this.energyAt = run.now;
  }

  /** Shows everything as it is now; a state that the plant is in already keeps the time since when. */
  begin(recorded: readonly EquipmentStateEvent[]): void {
    const updates: ServedUpdate[] = [];
    for (const id of machineIds) {
      const { state, reason, jobOrderId } = this.run.machine(id)!;
      const same = recorded.find((r) => r.equipmentId === id && r.state === state && r.reason === reason);
      const since = same?.start ?? this.run.now;
      updates.push(
        update(id, 'State', state, since),
        update(id, 'Reason', reason ?? '', since),
        update(id, 'JobOrder', jobOrderId ?? '', this.run.now),
        ...['Good', 'Scrap', 'Rework', 'Energy'].map((name) => update(id, name, 0, this.run.now)),
      );
    }
    this.server.setValues(updates);
  }

  /** Shows what has happened, and what is measured where its time has come. */
  show({ states, counts, jobs }: Happenings): void {
    const updates: ServedUpdate[] = [];
    for (const { equipmentId, state, reason, start } of states)
      updates.push(update(equipmentId, 'State', state, start), update(equipmentId, 'Reason', reason ?? '', start));
    for (const { equipmentId, jobOrderId, at } of jobs)
      updates.push(update(equipmentId, 'JobOrder', jobOrderId ?? '', at));
    for (const { equipmentId, good, scrap, rework, endMs } of counts) {
      const sum = this.counted.get(equipmentId) ?? { Good: 0, Scrap: 0, Rework: 0 };
      this.counted.set(equipmentId, sum);
      for (const [name, more] of [
        ['Good', good],
        ['Scrap', scrap],
        ['Rework', rework],
      ] as const)
        if (more > 0) updates.push(update(equipmentId, name, (sum[name] += more), endMs));
    }
    this.measure(updates);
    updates.sort((a, b) => a.sourceMs - b.sourceMs);
    if (updates.length > 0) this.server.setValues(updates);
  }

  /** A machine's part counters begin again at 0, as their Reset method promises. */
  resetCounters(equipmentId: string): void {
    this.counted.delete(equipmentId);
    this.server.setValues(['Good', 'Scrap', 'Rework'].map((name) => update(equipmentId, name, 0, this.run.now)));
  }

  private measure(updates: ServedUpdate[]): void {
    const { run } = this;
    if (run.now >= this.telemetryAt + telemetryMs) {
      const samples = this.telemetry.sample(
        this.telemetryAt,
        run.now,
        (id) => run.takeActivity(id),
        (id) => run.machine(id)!.wear,
      );
      this.telemetryAt = run.now;
      for (const { tag, value, sourceMs } of samples) {
        const [, equipmentId = '', signal = ''] = tag.split('/');
        updates.push(update(equipmentId, signal, value, sourceMs));
      }
    }
    if (run.now < this.energyAt + energyMs) return;
    this.energyAt = run.now;
    for (const id of machineIds)
      updates.push(update(id, 'Energy', Math.round(run.machine(id)!.energyKwh * 1000) / 1000, run.now));
  }
}

function update(equipmentId: string, signal: string, value: ServedValue, sourceMs: number): ServedUpdate {
  return { nodeId: nodeIdOf(equipmentId, signal), value, sourceMs };
}
