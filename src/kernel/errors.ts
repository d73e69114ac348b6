/**
 * The one table of error codes. Each row's text lives in `locales/<language>/common.json` under `errors.<code>`
 * (what happened) and `fixes.<code>` (what the user can do), with the row's parameters as placeholders.
 */
export const errorTable = {
  MW_CONFIG_INVALID: { severity: 'error', params: ['pointer', 'found', 'expected'] },
  MW_CONFIG_MISSING: { severity: 'error', params: ['property'] },
  MW_PAYLOAD_INVALID: { severity: 'error', params: ['contract', 'pointer', 'found', 'expected'] },
  MW_CONTRACT_UNKNOWN: { severity: 'error', params: ['type', 'expected'] },
  MW_PACKAGE_MISSING: { severity: 'error', params: ['package', 'command'] },
  MW_INTERNAL: { severity: 'error', params: ['reason'] },
  MW_ABORTED: { severity: 'warning', params: ['what'] },
  MW_DEADLINE: { severity: 'error', params: ['what', 'limitMs'] },
  MW_WORKER_FAILED: { severity: 'error', params: ['worker', 'reason'] },
  MW_QUEUE_FULL: { severity: 'warning', params: ['queue', 'limit'] },
  MW_TIME_ZONE_UNKNOWN: { severity: 'error', params: ['zone'] },
  MW_CALENDAR_INVALID: { severity: 'error', params: ['reason'] },
  MW_PLAN_INFEASIBLE: { severity: 'error', params: ['count', 'conflicts'] },
  MW_PLAN_INVALID: { severity: 'error', params: ['planId', 'reason'] },
  MW_OPCUA_LISTEN_FAILED: { severity: 'error', params: ['host', 'port', 'reason'] },
  MW_OPCUA_NODE_UNKNOWN: { severity: 'error', params: ['nodeId'] },
  MW_VALUE_NOT_JSON: { severity: 'error', params: ['pointer', 'found'] },
  MW_STORE_UNSUPPORTED: { severity: 'error', params: ['node'] },
  MW_STORE_DAMAGED: { severity: 'error', params: ['file', 'reason'] },
  MW_STORE_NEWER: { severity: 'error', params: ['file', 'version'] },
  MW_STORE_LOCKED: { severity: 'error', params: ['file'] },
  MW_STORE_READ_ONLY: { severity: 'error', params: ['file'] },
  MW_STORE_FULL: { severity: 'error', params: ['file'] },
  MW_STORE_UNAVAILABLE: { severity: 'error', params: ['file', 'reason'] },
  MW_STORE_SERVER: { severity: 'error', params: ['server', 'reason'] },
  MW_STORE_LOST: { severity: 'error', params: ['server', 'reason'] },
  MW_STORE_CONFLICT: { severity: 'error', params: ['subject', 'reason'] },
  MW_LOCK_IMPOSSIBLE: { severity: 'warning', params: ['job', 'machine', 'start'] },
  MW_OVERTIME_IMPOSSIBLE: { severity: 'warning', params: ['subject'] },
  MW_RECORD_UNKNOWN: { severity: 'error', params: ['kind', 'id'] },
  MW_TAG_TAKEN: { severity: 'error', params: ['tag', 'source'] },
  MW_QUERY_REFUSED: { severity: 'error', params: ['reason'] },
  MW_AUDIT_KEY_INVALID: { severity: 'error', params: ['reason'] },
  MW_PLAN_UNKNOWN: { severity: 'error', params: ['planId'] },
  MW_PLAN_INPUTS_GONE: { severity: 'warning', params: ['planId'] },
  MW_PLAN_DECIDED: { severity: 'error', params: ['planId', 'status'] },
  MW_APPROVAL_UNKNOWN: { severity: 'error', params: ['approvalId'] },
  MW_APPROVAL_STALE: { severity: 'error', params: ['planId', 'reason'] },
  MW_APPROVAL_ROLE: { severity: 'error', params: ['role', 'expected'] },
  MW_APPROVAL_UNAUTHENTICATED: { severity: 'error', params: ['personId'] },
  MW_REASON_MISSING: { severity: 'error', params: [] },
  MW_BOARD_FORGED: { severity: 'warning', params: [] },
  MW_BOARD_LOGIN_FAILED: { severity: 'warning', params: [] },
  MW_BOARD_LOGIN_LIMIT: { severity: 'warning', params: ['seconds'] },
  MW_BOARD_METHOD: { severity: 'warning', params: ['method'] },
  MW_BOARD_READ_ONLY: { severity: 'warning', params: ['role'] },
  MW_BOARD_TIME_INVALID: { severity: 'warning', params: ['days'] },
  MW_WRITE_INHIBITED: { severity: 'error', params: ['source', 'reason'] },
  MW_MODE_SHADOW: { severity: 'warning', params: ['useCase', 'field'] },
  MW_MODE_ADVISE: { severity: 'warning', params: ['useCase', 'field'] },
  MW_CHANGE_LIMIT: { severity: 'error', params: ['changed', 'limit'] },
  MW_PLAN_FROZEN: { severity: 'error', params: ['jobOrderId', 'reason'] },
  MW_TARGET_DOWN: { severity: 'error', params: ['target', 'reason'] },
  MW_JOB_ORDER_UNKNOWN: { severity: 'error', params: ['jobOrderId'] },
  MW_INSTRUCTION_INVALID: { severity: 'error', params: ['documentId', 'rule', 'pointer', 'found', 'expected'] },
  MW_PLANT_UNKNOWN: { severity: 'error', params: [] },
  MW_TWIN_SUBJECT_UNKNOWN: { severity: 'error', params: ['kind', 'subject'] },
  MW_TWIN_CHANGE_UNKNOWN: { severity: 'error', params: ['kind', 'expected'] },
  MW_DISRUPTION_UNKNOWN: { severity: 'error', params: ['kind', 'subject', 'expected'] },
  MW_DEMO_STORE_TAKEN: { severity: 'error', params: ['site'] },
  MW_OPCUA_TAG_REFUSED: { severity: 'error', params: ['tag', 'nodeId', 'status'] },
  MW_OPCUA_ALARMS_REFUSED: { severity: 'error', params: ['nodeId', 'status'] },
  MW_OPCUA_UNREACHABLE: { severity: 'error', params: ['endpoint', 'reason'] },
  MW_OPCUA_SESSION_LOST: { severity: 'warning', params: ['endpoint', 'reason'] },
  MW_OPCUA_CERTIFICATE_UNTRUSTED: { severity: 'error', params: ['endpoint', 'thumbprint', 'subject', 'fingerprint'] },
  MW_OPCUA_CERTIFICATE_INVALID: { severity: 'error', params: ['endpoint', 'status'] },
  MW_OPCUA_SECURITY_NOT_OFFERED: { severity: 'error', params: ['endpoint', 'wanted', 'offered'] },
  MW_OPCUA_ENDPOINTS_DIFFER: { severity: 'error', params: ['endpoint', 'chosen', 'offered'] },
  MW_OPCUA_CERTIFICATE_TIME: { severity: 'error', params: ['endpoint', 'subject', 'from', 'to'] },
  MW_OPCUA_CERTIFICATE_URI: { severity: 'error', params: ['endpoint', 'found', 'expected'] },
  MW_OPCUA_CERTIFICATE_EXPIRES: { severity: 'warning', params: ['endpoint', 'subject', 'days', 'to'] },
  MW_OPCUA_CERTIFICATE_HOST: { severity: 'warning', params: ['endpoint', 'names'] },
  MW_OPCUA_LOGIN_UNPROTECTED: { severity: 'warning', params: ['endpoint'] },
  MW_OPCUA_OWN_EXPIRES: { severity: 'warning', params: ['days', 'to'] },
  MW_OPCUA_OWN_EXPIRED: { severity: 'warning', params: ['thumbprint'] },
  MW_OPCUA_OWN_NOT_TRUSTED_YET: { severity: 'warning', params: ['endpoint', 'to'] },
  MW_OPCUA_FILE_UNKNOWN: { severity: 'error', params: [] },
  MW_OPCUA_LOGIN_INVALID: { severity: 'error', params: ['reason'] },
  MW_OPCUA_CLIENT_REFUSED: { severity: 'error', params: ['endpoint', 'reason'] },
  MW_OPCUA_NO_SECURE_ENDPOINT: { severity: 'error', params: ['endpoint'] },
  MW_OPCUA_LOGIN_REFUSED: { severity: 'error', params: ['endpoint', 'status'] },
  MW_OPCUA_NOT_CONNECTED: { severity: 'error', params: ['endpoint'] },
  MW_MQTT_NOT_CONNECTED: { severity: 'error', params: ['endpoint'] },
  MW_MQTT_UNREACHABLE: { severity: 'error', params: ['endpoint', 'reason'] },
  MW_MQTT_LINK_LOST: { severity: 'warning', params: ['endpoint', 'reason'] },
  MW_MQTT_LOGIN_REFUSED: { severity: 'error', params: ['endpoint', 'reason'] },
  MW_MQTT_CLIENT_REFUSED: { severity: 'error', params: ['endpoint', 'reason'] },
  MW_MQTT_PROTOCOL_REFUSED: { severity: 'error', params: ['endpoint', 'protocol'] },
  MW_MQTT_UNTRUSTED: { severity: 'error', params: ['endpoint', 'reason'] },
  MW_MQTT_PUBLISH_REFUSED: { severity: 'error', params: ['topic', 'reason'] },
  MW_MQTT_FILTER_REFUSED: { severity: 'error', params: ['filter', 'reason'] },
  MW_MQTT_SHARED_NEEDS_5: { severity: 'error', params: ['filter'] },
  MW_MQTT_LISTEN_FAILED: { severity: 'error', params: ['host', 'port', 'reason'] },
  MW_UNS_TOPIC_INVALID: { severity: 'error', params: ['topic'] },
  MW_UNS_TEMPLATE_INVALID: { severity: 'error', params: ['template', 'reason'] },
  MW_UNS_EXPIRED: { severity: 'error', params: ['count', 'hours'] },
  MW_UNS_PAYLOAD_UNKNOWN: { severity: 'warning', params: ['topic', 'found'] },
  MW_QUEUE_DAMAGED: { severity: 'warning', params: ['queue', 'lostBytes'] },
  MW_SPARKPLUG_PAYLOAD_INVALID: { severity: 'warning', params: ['source', 'reason'] },
  MW_SPARKPLUG_VALUE_INVALID: { severity: 'warning', params: ['metric', 'dataType', 'found'] },
  MW_SPARKPLUG_WRITE_IGNORED: { severity: 'warning', params: ['metric', 'value'] },
  MW_SPARKPLUG_LIMIT: { severity: 'warning', params: ['what', 'limit'] },
  MW_SPARKPLUG_HOST_OFFLINE: { severity: 'warning', params: ['host'] },
  MW_STORE_DEMO: { severity: 'error', params: [] },
  MW_TABLE_INVALID: { severity: 'error', params: ['file', 'line', 'reason'] },
  MW_MACHINE_UNNAMED: { severity: 'error', params: ['examples'] },
  MW_MANUAL_UNREADABLE: { severity: 'warning', params: ['file', 'reason'] },
  MW_IMPORT_TABLE_TWICE: { severity: 'error', params: ['table'] },
  MW_ANSWER_FORGOTTEN: { severity: 'error', params: ['traceId'] },
  MW_READING_UNFIT: { severity: 'error', params: ['reason'] },
  MW_STORE_CLOSED: { severity: 'error', params: ['file'] },
  MW_LLM_UNREACHABLE: { severity: 'warning', params: ['endpoint', 'reason'] },
  MW_LLM_UNTRUSTED: { severity: 'error', params: ['endpoint', 'reason'] },
  MW_LLM_LOGIN_REFUSED: { severity: 'error', params: ['endpoint', 'status'] },
  MW_LLM_ADDRESS: { severity: 'error', params: ['endpoint', 'suggestion'] },
  MW_LLM_MODEL_UNKNOWN: { severity: 'error', params: ['endpoint', 'model'] },
  MW_LLM_RATE_LIMITED: { severity: 'warning', params: ['endpoint', 'seconds'] },
  MW_LLM_FAILED: { severity: 'warning', params: ['endpoint', 'status', 'reason'] },
  MW_LLM_OFFLINE: { severity: 'warning', params: ['endpoint', 'seconds'] },
  MW_LLM_ANSWER_INVALID: { severity: 'warning', params: ['endpoint', 'reason'] },
  MW_LLM_CUT_OFF: { severity: 'warning', params: ['endpoint'] },
  MW_LLM_DECLINED: { severity: 'warning', params: ['endpoint'] },
  MW_LLM_BUDGET: { severity: 'warning', params: ['spent', 'limit', 'unit'] },
  MW_LLM_EGRESS: { severity: 'warning', params: ['policy', 'needed'] },
  MW_LLM_KEY_ELSEWHERE: { severity: 'error', params: ['endpoint'] },
  MW_MCP_TOKEN_MISSING: { severity: 'error', params: ['length'] },
  MW_MCP_PATH_TAKEN: { severity: 'error', params: ['path'] },
} as const satisfies Record<string, { severity: 'error' | 'warning'; params: readonly string[] }>;

/** A stable error code, as a Catch node sees it in `msg.error.code`. */
export type ErrorCode = keyof typeof errorTable;

/** The values that fill the placeholders of an error's text. */
export type ErrorParams = Record<string, string | number | boolean>;

/**
 * Every error that leaves a room. `message` is the code with its parameters; the text for people is looked up
 * by code in the reader's language. `code` and `cause` are own properties, because a Catch node shows only those.
 */
export class MillwrightError extends Error {
  readonly code: ErrorCode;
  readonly params: ErrorParams;

  constructor(code: ErrorCode, params: ErrorParams = {}, cause?: unknown) {
    super(`${code} ${JSON.stringify(params)}`, cause === undefined ? undefined : { cause });
    this.name = 'MillwrightError';
    this.code = code;
    this.params = params;
  }
}

/** Turns anything thrown into a `MillwrightError`; an unknown error becomes `MW_INTERNAL` with its cause kept. */
export function toMillwrightError(thrown: unknown): MillwrightError {
  if (thrown instanceof MillwrightError) return thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new MillwrightError('MW_INTERNAL', { reason }, thrown);
}

/** An error's shape on its way between threads. */
export interface PlainError {
  code: ErrorCode;
  params: ErrorParams;
  /** Kept where it is a list of plain data, such as a conflicting set. */
  cause?: unknown[];
  stack?: string;
}

/** Makes an error structured-cloneable. */
export function toPlainError(thrown: unknown): PlainError {
  const error = toMillwrightError(thrown);
  const cause = Array.isArray(error.cause) ? { cause: error.cause as unknown[] } : {};
  return { code: error.code, params: error.params, ...cause, ...(error.stack ? { stack: error.stack } : {}) };
}

/** Rebuilds an error that came from another thread. */
export function fromPlainError(plain: PlainError): MillwrightError {
  const error = new MillwrightError(plain.code, plain.params, plain.cause);
  if (plain.stack) error.stack = plain.stack;
  return error;
}
