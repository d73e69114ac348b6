import type { NodeAPI } from 'node-red';
import { twinNode, type CalibrationRequest, type WhatIf } from '../../src/contracts/index.ts';
import { isoInstant, MillwrightError } from '../../src/kernel/index.ts';
import { openScenarioService, type CalibrationReport } from '../../src/scenarios/index.ts';
import type { StoreService } from '../mw-store/mw-store.ts';
import type { Admitted, SimpleForm } from '../shared/door.ts';
import { registerNode, type NodeService } from '../shared/wrapper.ts';
import { calibrationPayload, proposalsPayload } from './calibration-payload.ts';
import { addCalibrationRoutes, type TwinService } from './calibration-routes.ts';

/** What the dialog and the simple form ask for. */
const usualRequest: CalibrationRequest = { days: 90, driftDays: 14 };

/** A change, or a list of them, to try on the live plan. */
function whatIfOf(payload: unknown): ReturnType<SimpleForm> {
  const changes: unknown[] = Array.isArray(payload) ? payload : [payload];
  if (!changes.every((change) => typeof change === 'object' && change !== null && 'kind' in change)) return undefined;
  return { type: 'mw.what-if.v1', payload: { basePlanId: 'live', changes, replications: 200, seed: 1 } };
}

export default function (RED: NodeAPI): void {
  addCalibrationRoutes(RED);
  registerNode(RED, {
    definition: twinNode,
    simpleForm: ({ payload }) =>
      payload === 'calibrate' ? { type: 'mw.calibration-request.v1', payload: usualRequest } : whatIfOf(payload),
    create: async ({ use, config, node, emit, status, text, logger, signal }): Promise<NodeService & TwinService> => {
      const { store, clock } = await use<StoreService>(config.store, 'store');
      const service = openScenarioService({ store, clock, logger, actor: { id: node.id } });
      let newest: CalibrationReport | undefined;

      async function simulate(message: Admitted): Promise<void> {
        status('working', text('status.simulating'));
        const question = message.payload as WhatIf;
        const live = question.basePlanId === 'live';
        const basePlanId = live ? (await store.livePlan())?.scheduleId : question.basePlanId;
        if (basePlanId === undefined) throw new MillwrightError('MW_PLAN_UNKNOWN', { planId: 'live' });
        const simulation = await service.whatIf({ ...question, basePlanId }, { signal });
        status('ok');
        emit(0, simulation, { type: 'mw.simulation.v1', subject: basePlanId }, message);
      }
      async function learn(request: CalibrationRequest): Promise<CalibrationReport> {
        status('working', text('status.learning'));
        const report = await service.calibrate({ ...request, seed: 1 }, { signal });
        newest = report;
        const count = report.drift.drifts.length;
        if (count === 0) status('ok', text('status.agrees'));
        else status('connecting', text('status.drifts', { count: String(count) }));
        return report;
      }
      return {
        async handle(message) {
          if (message.type === 'mw.what-if.v1') return simulate(message);
          const report = await learn(message.payload as CalibrationRequest);
          emit(0, calibrationPayload(report), { type: 'mw.calibration.v1' }, message);
        },
        async learn() {
          await learn(usualRequest);
        },
        async shown() {
          const accepted = (await store.twinParameters()).map(({ subject, personId, acceptedAt }) => ({
            ...{ key: subject, personId, acceptedAt: isoInstant(acceptedAt) },
          }));
          if (!newest) return { proposals: [], accepted };
          return { calibration: calibrationPayload(newest), proposals: proposalsPayload(newest.proposals), accepted };
        },
        async accept({ at, accept, withdraw }, actor) {
          if (!newest || isoInstant(newest.at) !== at)
            throw new MillwrightError('MW_RECORD_UNKNOWN', { kind: 'calibration', id: at });
          await service.accept(newest, { accept, withdraw }, actor);
        },
        close: () => service.close(),
      };
    },
  });
}
