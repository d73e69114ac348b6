import type { Connection } from '../../src/contracts/index.ts';
import type { MillwrightError } from '../../src/kernel/index.ts';

/** Causes that often pass by themselves, and how long they may last before they are an error. */
const passing: readonly string[] = [
  'MW_OPCUA_UNREACHABLE',
  'MW_OPCUA_SESSION_LOST',
  'MW_MQTT_UNREACHABLE',
  'MW_MQTT_LINK_LOST',
];
const patienceMs = 60_000;

/** Tells the outages of one connection. */
export interface OutageReport {
  note(connection: Connection, error?: MillwrightError): void;
  close(): void;
}

/** One error per outage and cause; a server that is only away a moment (a restart, a late start) is none. */
export function reportOutages(fail: (error: MillwrightError) => void): OutageReport {
  let pending: NodeJS.Timeout | undefined;
  let reported: string | undefined;
  function close(): void {
    clearTimeout(pending);
    pending = undefined;
  }
  return {
    close,
    note({ state }, error) {
      if (state === 'online' || state === 'idle') {
        close();
        reported = undefined;
      }
      if (!error || error.code === reported) return;
      const raise = () => {
        close();
        reported = error.code;
        fail(error);
      };
      if (passing.includes(error.code)) pending ??= setTimeout(raise, patienceMs);
      else raise();
    },
  };
}
