import type { PlantEvent, State } from '../../src/contracts/index.ts';
import { isoInstant, parseInstant, uuidv7, type Clock } from '../../src/kernel/index.ts';
import type { DowntimeReason, EquipmentStateEvent, PackmlState, PlantEventRecord } from '../../src/plant/index.ts';

/** An event as the store keeps it; one without an id gets one. */
export function toEventRecord(event: PlantEvent, clock: Clock): PlantEventRecord {
  const { eventId, kind, severity, subject, start, expectedEnd, supersedes, evidence } = event;
  const reason = evidence.find(({ name }) => name === 'reason')?.value;
  return {
    eventId: eventId ?? uuidv7(clock),
    kind,
    severity,
    subject,
    start: parseInstant(start),
    evidence,
    ...(typeof reason === 'string' ? { reason } : {}),
    ...(supersedes === undefined ? {} : { supersedes }),
    ...(expectedEnd === undefined
      ? {}
      : {
          expectedEnd: {
            p50: parseInstant(expectedEnd.p50),
            p90: parseInstant(expectedEnd.p90),
            basis: expectedEnd.basis,
          },
        }),
  };
}

/** An event from the store as it travels. */
export function toEventPayload(record: PlantEventRecord): PlantEvent {
  const { eventId, kind, severity, subject, start, expectedEnd, supersedes, evidence } = record;
  return {
    eventId,
    kind,
    severity,
    subject,
    start: isoInstant(start),
    evidence,
    ...(supersedes === undefined ? {} : { supersedes }),
    ...(expectedEnd === undefined
      ? {}
      : {
          expectedEnd: {
            p50: isoInstant(expectedEnd.p50),
            p90: isoInstant(expectedEnd.p90),
            basis: expectedEnd.basis,
          },
        }),
  };
}

/** A machine state as plant data. */
export function toState({ equipmentId, state, start, reasonCode }: State): EquipmentStateEvent {
  return {
    equipmentId,
    state: state as PackmlState,
    start: parseInstant(start),
    ...(reasonCode === undefined ? {} : { reason: reasonCode as DowntimeReason }),
  };
}
