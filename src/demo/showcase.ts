import type { OpcuaServer, ServedUpdate, ServedValue } from '../connect/index.ts';
import { machineClass, machineIds } from './northfield/equipment.ts';
import { nodeIdOf } from './tags.ts';
import { cuts } from './wear.ts';

/** Texts of the enumeration OperatingMode, by value. */
export const operatingModes = ['Off', 'Automatic', 'Setup', 'Maintenance'] as const;

/** Encoder pulses per part. */
const pulsesPerPart = 40_000n;
/** Encoders have counted since the machines were built: beyond what a double holds exactly (2⁵³). */
const pulsesBefore = 9_007_199_254_740_993n;

/**
 * Between the plant and its server: derives from the machines' signals what else a server can offer, so that each
 * ability of a client can be tried: a fault flag with its alarm, an enumeration, a structure, an array, an Int64.
 */
export class Showcase implements Pick<OpcuaServer, 'setValues'> {
  private readonly server: Pick<OpcuaServer, 'setValues'>;
  private readonly machines = new Map(
    machineIds.flatMap((id) =>
      ['State', 'Reason', 'Good', 'Scrap', 'Rework', 'Temperature', 'ToolLife'].map(
        (signal) => [nodeIdOf(id, signal), { id, signal }] as const,
      ),
    ),
  );
  private readonly known = new Map<string, ServedValue>();
  private readonly pulses = new Map<string, bigint>();
  private readonly tools = new Map<string, { number: number; life: number }>();

  constructor(server: Pick<OpcuaServer, 'setValues'>) {
    this.server = server;
  }

  setValues(updates: readonly ServedUpdate[]): void {
    this.server.setValues(updates.flatMap((update) => [update, ...this.derive(update)]));
  }

  private derive({ nodeId, value, sourceMs }: ServedUpdate): ServedUpdate[] {
    const source = this.machines.get(nodeId);
    if (!source) return [];
    const { id, signal } = source;
    const before = this.known.get(nodeId);
    this.known.set(nodeId, value);
    const show = (name: string, shown: ServedValue): ServedUpdate => ({
      nodeId: nodeIdOf(id, name),
      value: shown,
      sourceMs,
    });
    switch (signal) {
      case 'State':
        return [show('Fault', value === 'Aborted' || value === 'Aborting'), show('OperatingMode', this.mode(id))];
      case 'Reason':
        return [show('OperatingMode', this.mode(id))];
      case 'Temperature': {
        const here = Number(value);
        return [show('ZoneTemperatures', [here, here - 1.5, here - 3])];
      }
      case 'ToolLife':
        return cuts(machineClass(id)) ? [show('ToolData', this.tool(id, Number(value)))] : [];
      default: {
        const made = Math.max(0, Number(value) - Number(before ?? value));
        const pulses = (this.pulses.get(id) ?? pulsesBefore) + BigInt(made) * pulsesPerPart;
        this.pulses.set(id, pulses);
        return [show('EncoderPulses', pulses.toString())];
      }
    }
  }

  private mode(id: string): number {
    const reason = this.known.get(nodeIdOf(id, 'Reason'));
    const state = this.known.get(nodeIdOf(id, 'State'));
    if (reason === 'planned-maintenance' || reason === 'breakdown') return operatingModes.indexOf('Maintenance');
    if (reason === 'setup' || reason === 'tool-change') return operatingModes.indexOf('Setup');
    return operatingModes.indexOf(state === 'Stopped' || state === 'Undefined' ? 'Off' : 'Automatic');
  }

  /** A tool whose life jumps up has been changed for the next one. */
  private tool(id: string, life: number): Record<string, number | string | boolean> {
    const last = this.tools.get(id) ?? { number: 1, life };
    const number = life > last.life + 20 ? last.number + 1 : last.number;
    this.tools.set(id, { number, life });
    return { ToolNumber: number, ToolName: `T${String(number)}`, LifePercent: life, Worn: life < 10 };
  }
}
