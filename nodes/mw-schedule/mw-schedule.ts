import type { NodeAPI } from 'node-red';
import { scheduleNode, type PlantEvent, type Progress, type ScheduleRequest } from '../../src/contracts/index.ts';
import { MillwrightError, monotonicMs } from '../../src/kernel/index.ts';
import type { ScenarioSet } from '../../src/plant/index.ts';
import {
  openScenarioQueue,
  openScenarioService,
  type PlanProgress,
  type PlanRequest,
} from '../../src/scenarios/index.ts';
import type { StoreService } from '../mw-store/mw-store.ts';
import type { Admitted } from '../shared/door.ts';
import { toEventRecord } from '../shared/plant-event.ts';
import { registerNode } from '../shared/wrapper.ts';
import { requestForEvent, requestFromMessage, simpleRequest } from './plan-request.ts';
import { scenariosPayload } from './scenarios-payload.ts';
import { searchFailure } from './search-failure.ts';

/** Progress messages at most so often. */
const progressPeriodMs = 250;
/** After a start the plant gets so long to report before plans are made for events that have none. */
const recoveryDelayMs = 15_000;

export default function (RED: NodeAPI): void {
  registerNode(RED, {
    definition: scheduleNode,
    simpleForm: ({ payload }) => {
      const request = simpleRequest(payload);
      return request ? { type: 'mw.schedule-request.v1', payload: request } : undefined;
    },
    // Events that come during a search must reach the queue that merges them.
    inbox: { concurrency: 100 },
    create: async ({ use, config, node, emit, status, text, logger, guard }) => {
      const { store, clock } = await use<StoreService>(config.store, 'store');
      const actor = { id: node.id };
      const service = openScenarioService({ store, clock, logger, actor });
      let toldAt = -Infinity;
      let answered: ScenarioSet | undefined;

      function tell(
        { requestId, eventId }: Pick<PlanRequest, 'requestId' | 'eventId'>,
        progress: PlanProgress,
        failed?: Progress['failed'],
      ): void {
        const { done, total } = progress;
        status('working', text('status.searching', { percent: String(Math.floor((100 * done) / total)) }));
        if (done < total && monotonicMs() - toldAt < progressPeriodMs) return;
        toldAt = monotonicMs();
        const event = eventId === undefined ? {} : { eventId };
        const told: Progress = { requestId, ...event, ...progress, ...(failed ? { failed } : {}) };
        emit(1, told, { type: 'mw.progress.v1', subject: requestId });
      }
      const queue = openScenarioQueue((request: PlanRequest, signal) =>
        service.plan(request, {
          signal,
          onProgress: (progress) => {
            tell(request, progress);
          },
        }),
      );

      async function requestOf({ type, payload, mw }: Admitted): Promise<PlanRequest> {
        const now = clock.now();
        if (type === 'mw.schedule-request.v1') {
          const request = payload as ScheduleRequest;
          try {
            if (request.eventId !== undefined && !(await store.loadEvent(request.eventId)))
              throw new MillwrightError('MW_RECORD_UNKNOWN', { kind: 'event', id: request.eventId });
            await service.checkWishes(request.constraints);
          } catch (thrown) {
            tell(request, { done: 1, total: 1 }, searchFailure(thrown));
            throw thrown;
          }
          return requestFromMessage(request, config, now);
        }
        const event = toEventRecord(payload as PlantEvent, clock);
        if (!(await store.loadEvent(event.eventId)))
          await store.saveEvent(event, { ...actor, correlationId: mw.correlationId });
        return requestForEvent(event.eventId, config, now);
      }

      function answer(set: ScenarioSet, cause?: Admitted): void {
        // Merged requests share one answer, which is sent once.
        if (set === answered) return;
        answered = set;
        status('ok', text('status.done', { count: String(set.scenarios.length) }));
        emit(0, scenariosPayload(set), { type: 'mw.scenarios.v1', subject: set.requestId }, cause);
      }

      /** Whoever waits for a search hears of its end, also where it fails. */
      async function search(request: PlanRequest, cause?: Admitted): Promise<void> {
        const set = await queue.submit(request).catch((thrown: unknown) => {
          tell(request, { done: 1, total: 1 }, searchFailure(thrown));
          throw thrown;
        });
        answer(set, cause);
      }

      /** An event whose search was cut off, for example by a power failure, gets its plans after the restart. */
      const recovery = setTimeout(
        guard(async () => {
          const [events, newest] = await Promise.all([store.openEvents(), store.loadScenarioSet()]);
          const last = events.filter(({ start }) => start > (newest?.createdAt ?? -Infinity)).at(-1);
          if (last) await search(requestForEvent(last.eventId, config, clock.now()));
        }),
        recoveryDelayMs,
      );

      return {
        async handle(message) {
          if (message.type === 'mw.cancel.v1') {
            queue.cancel((message.payload as { requestId: string }).requestId);
            return;
          }
          await search(await requestOf(message), message);
        },
        async close() {
          clearTimeout(recovery);
          queue.close();
          await service.close();
        },
      };
    },
  });
}
