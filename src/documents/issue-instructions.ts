import { digestOf } from '../audit/index.ts';
import type { Instruction, PlanChange } from '../contracts/index.ts';
import { MillwrightError, toMillwrightError, type Clock } from '../kernel/index.ts';
import type { PlantModel, PlantState, ScheduleEntry, WorkSchedule } from '../plant/index.ts';
import { checkInstruction, checkRendered, type InstructionProblem } from './check-instruction.ts';
import { valuesOf, type DocumentLocale, type DocumentModel } from './document-model.ts';
import type { DocumentPorts, StagedMove, StoredDocument } from './ports.ts';
import { renderHtml } from './render-html.ts';
import { renderMarkdown } from './render-markdown.ts';
import { buildWorkInstruction, type InstructionFacts, type InstructionHeader } from './work-instruction.ts';

/** What instructions are opened with. */
export interface InstructionsOptions {
  store: DocumentPorts;
  clock: Clock;
  /** The node that acts, for the audit log. */
  nodeId: string;
  locale: DocumentLocale;
}

/** The instructions of one plan change. */
export interface IssuedInstructions {
  /** Payloads of `mw.instruction.v1`; `body` is `{document, markdown, html}`. */
  instructions: Instruction[];
  /** Jobs whose instruction was refused; their former revision stays in force. */
  refused: MillwrightError[];
}

/** Writes work instructions from plant data. */
export interface Instructions {
  /**
   * A work instruction in the status `review` for each job that a plan change really made live (`acknowledged` or
   * `advised`), saved as a new revision where its content differs from the newest one. Each is checked before it is
   * saved: one that fails is refused (`MW_INSTRUCTION_INVALID`, `MW_JOB_ORDER_UNKNOWN`) and the others go on.
   * Of the message only plan and jobs are believed: approval, places and values come from the store. Rejects with
   * `MW_PLAN_UNKNOWN` where the store holds no such plan or no plant, `MW_APPROVAL_STALE` where the plan is not live.
   */
  forPlanChange(change: PlanChange, options?: { correlationId?: string }): Promise<IssuedInstructions>;
}

/** Opens instructions over a store. Nothing to close. */
export function openInstructions({ store, clock, nodeId, locale }: InstructionsOptions): Instructions {
  return {
    async forPlanChange(change, { correlationId } = {}) {
      const live = change.jobs.filter(({ result }) => result === 'acknowledged' || result === 'advised');
      if (live.length === 0) return { instructions: [], refused: [] };
      const actor = { id: nodeId, ...(correlationId === undefined ? {} : { correlationId }) };
      const save = (document: StoredDocument) => store.saveDocument(document, actor);
      const plant = await loadPlant(store, change, clock.now());
      const issued: IssuedInstructions = { instructions: [], refused: [] };
      for (const { jobOrderId } of live)
        try {
          const documentId = `work-instruction/${jobOrderId}/${locale}`;
          const newest = await store.loadDocument(documentId);
          const facts = factsOf(jobOrderId, plant);
          const document = checkedInstruction(facts, { documentId, locale, revision: (newest?.revision ?? 0) + 1 });
          const unchanged = newest !== undefined && contentDigest(newest.body) === contentDigest({ ...document });
          if (unchanged) document.revision = newest.revision;
          issued.instructions.push(payloadOf(document));
          if (!unchanged) await save(recordOf(document, clock.now()));
        } catch (thrown) {
          issued.refused.push(toMillwrightError(thrown));
        }
      return issued;
    },
  };
}

interface Plant {
  model: PlantModel;
  state: PlantState;
  plan: WorkSchedule;
  base: WorkSchedule | undefined;
  approvalId: string | undefined;
  staging: StagedMove[];
}

async function loadPlant(store: DocumentPorts, { planId }: PlanChange, at: number): Promise<Plant> {
  const model = await store.loadPlantModel();
  const plan = await store.loadSchedule(planId);
  if (!model || !plan) throw new MillwrightError('MW_PLAN_UNKNOWN', { planId });
  if (plan.status !== 'published')
    throw new MillwrightError('MW_APPROVAL_STALE', { planId, reason: `the plan is ${plan.status}` });
  const approval = (await store.approvalsOf(planId)).find(({ meaning }) => meaning === 'approved');
  const base = plan.baseScheduleId === undefined ? undefined : await store.loadSchedule(plan.baseScheduleId);
  return {
    model,
    plan,
    base,
    approvalId: approval?.approvalId,
    state: await store.loadPlantState(at),
    staging: await store.staging(planId),
  };
}

function factsOf(jobOrderId: string, plant: Plant): InstructionFacts {
  const entryIn = (schedule: WorkSchedule | undefined): ScheduleEntry | undefined =>
    schedule?.entries.find((entry) => entry.jobOrderId === jobOrderId);
  const jobOrder = plant.state.jobOrders.find((job) => job.jobOrderId === jobOrderId);
  const workRequest = plant.state.workRequests.find((r) => r.workRequestId === jobOrder?.workRequestId);
  const entry = entryIn(plant.plan);
  if (!jobOrder || !workRequest || !entry) throw new MillwrightError('MW_JOB_ORDER_UNKNOWN', { jobOrderId });
  const before = entryIn(plant.base);
  return {
    model: plant.model,
    jobOrder,
    workRequest,
    planId: plant.plan.scheduleId,
    ...(plant.approvalId === undefined ? {} : { approvalId: plant.approvalId }),
    entry,
    ...(before && plant.base ? { previous: { planId: plant.base.scheduleId, entry: before } } : {}),
    staging: plant.staging.filter((move) => move.jobOrderId === jobOrderId),
  };
}

/** Builds a document and puts it to review once nothing is wrong with it; nobody but a person approves it. */
function checkedInstruction(facts: InstructionFacts, header: InstructionHeader): DocumentModel {
  const draft = buildWorkInstruction(facts, header);
  refuse(draft, checkInstruction(draft, facts));
  return { ...draft, status: 'review' };
}

function payloadOf(document: DocumentModel): Instruction {
  const { documentId, kind, jobOrderId, revision, locale, status } = document;
  const markdown = renderMarkdown(document);
  const html = renderHtml(document);
  refuse(document, [...checkRendered(document, 'markdown', markdown), ...checkRendered(document, 'html', html)]);
  const body = { document, markdown, html };
  return { documentId, kind, jobOrderId, revision, locale, status, body, sources: sourcesOf(document) };
}

function recordOf(document: DocumentModel, createdAt: number): StoredDocument {
  const { documentId, kind, jobOrderId, revision, locale, status } = document;
  const body = { ...document };
  return { documentId, kind, jobOrderId, revision, locale, status, body, sources: sourcesOf(document), createdAt };
}

/** Each source once, with the value that it had. */
function sourcesOf(document: DocumentModel): Record<string, unknown>[] {
  const rows = valuesOf(document).map(({ value }) => ({
    ...value.source,
    value: value.value,
    ...('unit' in value ? { unit: value.unit } : {}),
  }));
  return [...new Map(rows.map((row) => [JSON.stringify([row.table, row.id, row.field]), row])).values()];
}

/** Digest of what a document says, whichever revision says it. */
function contentDigest(body: Record<string, unknown>): string {
  return digestOf({ ...body, revision: undefined, status: undefined });
}

function refuse({ documentId }: DocumentModel, [problem]: InstructionProblem[]): void {
  if (problem) throw new MillwrightError('MW_INSTRUCTION_INVALID', { documentId, ...problem });
}
