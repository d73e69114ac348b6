import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection, Gap, Sample } from '../../src/contracts/index.ts';
import { startOpcuaServer, type OpcuaServer, type ServedVariable } from '../../src/connect/index.ts';
import { monotonicMs, sleep, type MillwrightError } from '../../src/kernel/index.ts';

export const counterNode = 'ns=1;s=Counter';
export const slowNode = 'ns=1;s=Slow';

/** A server with a counter and a slow value, on a folder of its own. */
export async function startCounterServer(folder: string, port = 0): Promise<OpcuaServer> {
  const variables: ServedVariable[] = [
    { nodeId: counterNode, browseName: 'Counter', dataType: 'UInt32', initial: 0 },
    { nodeId: slowNode, browseName: 'Slow', dataType: 'Double', unit: '°C', initial: 20 },
  ];
  return startOpcuaServer({
    host: '127.0.0.1',
    port,
    folder,
    user: { name: 'reader', password: 'pass word' },
    objects: [{ path: ['Plant'], variables }],
  });
}

/** Counts the counter node up, one change each period. */
export function startCounting(server: OpcuaServer, periodMs: number): { readonly count: number; stop(): number } {
  let count = 0;
  const timer = setInterval(() => {
    server.setValues([{ nodeId: counterNode, value: ++count, sourceMs: Date.now() }]);
  }, periodMs);
  return {
    get count() {
      return count;
    },
    stop() {
      clearInterval(timer);
      return count;
    },
  };
}

/** Takes down everything that a connection and a subscription report. */
export class Witness {
  readonly states: Connection[] = [];
  readonly errors: MillwrightError[] = [];
  readonly samples: Sample[] = [];
  readonly gaps: Gap[] = [];
  readonly refused = new Map<string, MillwrightError>();

  readonly onState = (state: Connection, error?: MillwrightError): void => {
    this.states.push(state);
    if (error) this.errors.push(error);
  };
  readonly onSamples = (samples: Sample[]): void => {
    this.samples.push(...samples);
  };
  readonly onGap = (gap: Gap): void => {
    this.gaps.push(gap);
  };
  readonly onTagError = (tag: string, error: MillwrightError): void => {
    this.refused.set(tag, error);
  };

  /** Values of one tag in the order in which they came. */
  values(tag: string): Sample['value'][] {
    return this.samples.filter((sample) => sample.tag === tag).map((sample) => sample.value);
  }
}

/** Waits until something holds, at most `limitMs`. */
export async function until(what: string, holds: () => boolean, limitMs = 15_000): Promise<void> {
  const end = monotonicMs() + limitMs;
  while (!holds()) {
    if (monotonicMs() > end) throw new Error(`${what} did not come about within ${limitMs} ms`);
    await sleep(20);
  }
}

/** A temporary folder and what removes it. */
export function temporaryFolder(name: string): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), `mw-${name}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
