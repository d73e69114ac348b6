import { MillwrightError, serveWorker, type WorkerHandlers } from '../kernel/index.ts';
import { approvalsOf, loadApproval, saveApproval } from './approvals.ts';
import { loadAuditKey } from './audit-key.ts';
import { noteAction } from './audit-log.ts';
import { auditRows, exportAudit, verifyAudit } from './audit-queries.ts';
import {
  acknowledgeNotification,
  documents,
  loadDocument,
  notifications,
  saveDocument,
  saveNotification,
  saveStaging,
  staging,
} from './carry-out.ts';
import { dispatchRows } from './embedded-mes.ts';
import { correctExpectedEnd, loadEvent, openEvents, saveEvent } from './events.ts';
import { deleteVerifiedQuestion, feedback, saveFeedback, saveVerifiedQuestion, verifiedQuestions } from './feedback.ts';
import { appendHistory } from './history.ts';
import { modeInForce, setMode, setWriteInhibit, writeInhibit } from './modes.ts';
import { openEngine } from './open-engine.ts';
import { saveOrders } from './orders.ts';
import { applyCommand, commands, enqueueCommands, recordCommand } from './outbox.ts';
import { persistence } from './persistence.ts';
import { importPlant } from './plant-import.ts';
import { loadPlantModel, savePlantModel } from './plant-model.ts';
import { inputsDigest, loadPlantState, saveUnavailability } from './plant-state.ts';
import { findScenario, loadScenarioSet, saveScenarioSet, scenarioState } from './scenario-sets.ts';
import { livePlan, loadSchedule, publishSchedule, saveSchedule } from './schedules.ts';
import type { Session } from './session.ts';
import { currentStates, stopDurations } from './states.ts';
import type { Store } from './store.ts';
import { aggregates, lastSamples, putTags, samples } from './tags.ts';
import { acceptTwinParameters, twinParameters } from './twin-parameters.ts';
import type { StoreCall, StoreMethod, StoreWorkerData } from './wire.ts';

/** Each method of the store as a function of the session: the compiler holds this table and the interface in step. */
type Methods = {
  [M in StoreMethod]: (session: Session, ...args: Parameters<Store[M]>) => Awaited<ReturnType<Store[M]>>;
};

const methods: Methods = {
  savePlantModel,
  loadPlantModel,
  saveOrders,
  importPlant,
  loadPlantState,
  saveUnavailability,
  inputsDigest,
  appendHistory,
  putTags,
  samples,
  aggregates,
  lastSamples,
  currentStates,
  stopDurations,
  saveEvent,
  correctExpectedEnd,
  loadEvent,
  openEvents,
  saveScenarioSet,
  scenarioState,
  loadScenarioSet,
  findScenario,
  saveSchedule,
  loadSchedule,
  livePlan,
  publishSchedule,
  saveApproval,
  loadApproval,
  approvalsOf,
  modeInForce,
  setMode,
  acceptTwinParameters,
  twinParameters,
  writeInhibit,
  setWriteInhibit,
  dispatchRows,
  enqueueCommands,
  commands,
  applyCommand,
  recordCommand,
  saveStaging,
  staging,
  saveNotification,
  acknowledgeNotification,
  notifications,
  saveDocument,
  loadDocument,
  documents,
  saveFeedback,
  feedback,
  saveVerifiedQuestion,
  deleteVerifiedQuestion,
  verifiedQuestions,
  noteAction,
  auditRows,
  verifyAudit,
  exportAudit,
};

serveWorker(async (data: StoreWorkerData): Promise<WorkerHandlers> => {
  const { file, now, retentionDays, aggregateDays } = data;
  const { db, historian } = await openEngine(data);
  const expiry = { at: 0, left: false };
  const tagIds = new Map<string, number>();
  const session: Session = { db, historian, auditKey: keyFor(), now, tagIds, retentionDays, aggregateDays, expiry };
  function keyFor() {
    try {
      return loadAuditKey(file, data.auditKey);
    } catch (thrown) {
      db.close();
      throw thrown;
    }
  }
  const persist = persistence(db);
  return {
    open: () => undefined,
    close: () => {
      db.close();
    },
    call: ({ method, now: at, args }: StoreCall) => {
      const run = methods[method] as (session: Session, ...args: unknown[]) => unknown;
      return persist(() => {
        session.now = at;
        try {
          return run(session, ...args);
        } catch (thrown) {
          throw refineConstraint(thrown, method);
        }
      });
    },
  };
});

/** A constraint that no row could be named for is at least told with the method. */
function refineConstraint(thrown: unknown, method: string): unknown {
  if (thrown instanceof MillwrightError && thrown.code === 'MW_STORE_CONFLICT' && thrown.params['subject'] === 'data')
    return new MillwrightError('MW_STORE_CONFLICT', { ...thrown.params, subject: method }, thrown.cause);
  return thrown;
}
