import { digestOf } from '../../audit/index.ts';
import type { ActionLog } from '../ports.ts';
import type { AllowList, Permission } from './allow-list.ts';
import { refusalOf, statusNameOf } from './status.ts';

/** Values longer than this stand in the audit log as their digest. */
const longestValue = 2_000;

/** What changing something on a server needs beside the connection. */
export interface ActionContext {
  /** For the audit log. */
  endpointUrl: string;
  allowList: AllowList;
  /** Whether alarms may be acknowledged and confirmed. */
  acknowledge: boolean;
  /** Without one nothing is written or called. */
  log?: ActionLog | undefined;
  actor: { id: string; correlationId?: string };
  signal?: AbortSignal | undefined;
}

/** What came of one item: its status and what else belongs to it. */
export interface ActionResult {
  status: string;
  [key: string]: unknown;
}

/** One change on its way to the server. */
export interface Action {
  /** For the audit log: `opcua.write` and the like. */
  name: string;
  /** Canonical node id of what is changed. */
  subject: string;
  data: Record<string, unknown>;
  /** Why it is not to be done, where that is known already. */
  refusal: string | undefined;
  permission?: Permission | undefined;
  /** Whether the write inhibit stops it, and whether it must not happen without an audit entry. */
  isWrite: boolean;
  dryRun?: boolean | undefined;
  perform(this: void): Promise<ActionResult>;
}

/**
 * Does one change, or refuses it: write inhibit, rate, and the audit entry before it is sent; the outcome is another
 * entry. Never rejects: the status says what came of it. A refusal is an entry as well, at most 60 a minute; the next
 * one says how many were left out.
 */
export async function carryOut(action: Action, context: ActionContext): Promise<ActionResult> {
  const { log, actor, signal, allowList, endpointUrl } = context;
  const { name, subject, data, permission, isWrite, dryRun = false, perform } = action;
  const note = async (stage: string, more: object): Promise<boolean> => {
    if (!log) return !isWrite;
    const entry = { action: name, subject, data: { endpoint: endpointUrl, stage, ...brief(data), ...more } };
    return log.noteAction(entry, actor).then(
      () => true,
      () => false,
    );
  };
  const refuse = async (status: string): Promise<ActionResult> => {
    const omitted = allowList.refusals.omitted;
    if (log && allowList.refusals.take()) await note('refused', { status, ...(omitted > 0 ? { omitted } : {}) });
    return { status };
  };
  const inhibited = async (): Promise<string | undefined> => {
    if (!isWrite) return undefined;
    if (!log) return 'BadAuditUnavailable';
    return log.writeInhibit().then(
      (inhibit) => (inhibit ? 'BadWriteInhibited' : undefined),
      () => 'BadAuditUnavailable',
    );
  };
  const refusal = action.refusal ?? (await inhibited());
  if (dryRun) return { status: refusal ?? 'Good', dryRun };
  if (refusal !== undefined) return refuse(refusal);
  if (signal?.aborted) return { status: 'BadRequestCancelledByClient' };
  if (permission && !permission.rate.take()) return refuse('BadRateLimited');
  if (!(await note('intent', {}))) return { status: 'BadAuditUnavailable' };
  const result = await perform().catch((thrown: unknown) => ({ status: refusalOf(thrown) ?? lostStatus(thrown) }));
  const noted = await note('outcome', brief(result));
  return noted ? result : { ...result, unaudited: true };
}

/** The connection went while the server had the request: whether it was carried out is not known. */
function lostStatus(thrown: unknown): string {
  const status = statusNameOf(thrown);
  return /^Bad[A-Z][A-Za-z]+$/.test(status) ? status : 'BadConnectionClosed';
}

/** Data with its long values as digests, so that an audit entry stays small. */
function brief(data: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => {
        const plain = jsonOf(value);
        return plain.length > longestValue ? [key, { sha256: digestOf(plain) }] : [key, JSON.parse(plain) as unknown];
      }),
  );
}

/** A value as JSON text; a message may carry what JSON cannot. */
function jsonOf(value: unknown): string {
  try {
    const text = JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? part.toString() : part)) as
      string | undefined;
    return text ?? 'null';
  } catch {
    return '"not JSON"';
  }
}
