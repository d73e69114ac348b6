import type { TSchema } from 'typebox';
import * as advise from './payloads/advise.ts';
import * as ask from './payloads/ask.ts';
import * as calibration from './payloads/calibration.ts';
import * as carryOut from './payloads/carry-out.ts';
import * as decide from './payloads/decide.ts';
import * as ingest from './payloads/ingest.ts';
import * as jobs from './payloads/jobs.ts';
import * as opcua from './payloads/opcua-request.ts';
import * as trust from './payloads/trust.ts';
import * as understand from './payloads/understand.ts';

/** Every contract by the name that stands in `msg.mw.type`. */
export const contracts = {
  'mw.samples.v1': ingest.Samples,
  'mw.gap.v1': ingest.Gap,
  'mw.connection.v1': ingest.Connection,
  'mw.alarm.v1': ingest.Alarm,
  'mw.opcua-request.v1': opcua.OpcuaRequest,
  'mw.opcua-response.v1': opcua.OpcuaResponse,
  'mw.state.v1': ingest.State,
  'mw.count.v1': ingest.Count,
  'mw.image.v1': ingest.Image,
  'mw.order.v1': ingest.Order,
  'mw.features.v1': ingest.Features,
  'mw.event.v1': understand.PlantEvent,
  'mw.inspection.v1': understand.Inspection,
  'mw.prediction.v1': understand.Prediction,
  'mw.model.v1': understand.Model,
  'mw.readiness.v1': understand.Readiness,
  'mw.settings.v1': understand.Settings,
  'mw.question.v1': ask.Question,
  'mw.answer.v1': ask.Answer,
  'mw.verified-request.v1': ask.VerifiedRequest,
  'mw.verified-questions.v1': ask.VerifiedQuestions,
  'mw.advice.v1': advise.Advice,
  'mw.back-test-request.v1': advise.BackTestRequest,
  'mw.back-test.v1': advise.BackTest,
  'mw.schedule-request.v1': decide.ScheduleRequest,
  'mw.progress.v1': decide.Progress,
  'mw.cancel.v1': decide.Cancel,
  'mw.scenarios.v1': decide.Scenarios,
  'mw.what-if.v1': decide.WhatIf,
  'mw.simulation.v1': decide.Simulation,
  'mw.improve-job.v1': jobs.ImproveJob,
  'mw.improved.v1': jobs.Improved,
  'mw.replicate-job.v1': jobs.ReplicateJob,
  'mw.replicated.v1': jobs.Replicated,
  'mw.calibration-request.v1': calibration.CalibrationRequest,
  'mw.calibration.v1': calibration.Calibration,
  'mw.approval.v1': carryOut.Approval,
  'mw.command.v1': carryOut.Command,
  'mw.command-result.v1': carryOut.CommandResult,
  'mw.plan-change.v1': carryOut.PlanChange,
  'mw.staging.v1': carryOut.Staging,
  'mw.notification.v1': carryOut.Notification,
  'mw.instruction.v1': carryOut.Instruction,
  'mw.write-inhibit.v1': carryOut.WriteInhibit,
  'mw.disruption.v1': carryOut.Disruption,
  'mw.feedback.v1': trust.Feedback,
  'mw.outcome.v1': trust.Outcome,
  'mw.trust.v1': trust.Trust,
  'mw.audit-query.v1': trust.AuditQuery,
  'mw.audit-result.v1': trust.AuditResult,
} as const satisfies Record<string, TSchema>;

/** The name of a contract. */
export type ContractType = keyof typeof contracts;
