import {
  contracts,
  Envelope,
  unsContracts,
  type ContractType,
  type Sample,
  type UnsContract,
} from '../../contracts/index.ts';
import { compileCheck, MillwrightError, parseInstant, type Check } from '../../kernel/index.ts';

import { openTimeText } from '../time-text.ts';

/** What a message of this package says on the wire; `mw` is the envelope without what is local to one process. */
interface Body {
  schema: string;
  duplicate?: boolean;
  mw: Record<string, unknown>;
  payload: unknown;
}

/** What was read from a message. */
export type ReadBody =
  | { kind: 'contract'; type: UnsContract; mw: Envelope; payload: unknown; duplicate: boolean }
  | { kind: 'value'; value: Sample['value']; dataType: string; sourceMs: number | undefined; unit: string | undefined };

const jsonStart = '{';
const duplicateStart = Buffer.from('{"duplicate":true,');
const largestBytes = 16 * 2 ** 20;
/** 9999-12-31T23:59:59.999Z. */
const lastMs = 253_402_300_799_999;
const nameOf = /^mw\.(.+)\.v\d+$/;

/** The word that stands for a contract in a topic: `samples` for `mw.samples.v1`. */
export function contractWord(type: ContractType): string {
  return nameOf.exec(type)?.[1] ?? type;
}

/** Writes `{schema, mw, payload}`. */
export function writeBody(mw: Envelope, payload: unknown): Buffer {
  const { type: schema, delivery, ...shared } = mw;
  const duplicate = delivery?.duplicate === true ? { duplicate: true } : {};
  return Buffer.from(JSON.stringify({ schema, ...duplicate, mw: shared, payload } satisfies Body));
}

/** Marks a written body as possibly published before. */
export function markDuplicate(body: Uint8Array): Uint8Array {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (
    bytes.subarray(0, duplicateStart.length).equals(duplicateStart) ||
    !bytes.toString('latin1', 0, 1).startsWith(jsonStart)
  )
    return body;
  return Buffer.concat([duplicateStart, bytes.subarray(1)]);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
const timeText = openTimeText();
const checks = new Map<UnsContract, Check>();
const checkEnvelope = compileCheck(Envelope);

/**
 * Reads a message: one of this package, checked against the contract that its schema names, or a plain value of
 * someone else (a number, text or truth value, bare or as `{value, timestamp, unit?}`).
 * @throws MW_UNS_PAYLOAD_UNKNOWN, MW_CONTRACT_UNKNOWN, MW_PAYLOAD_INVALID
 */
export function readBody(topic: string, payload: Uint8Array): ReadBody {
  const unknown = (found: string) =>
    new MillwrightError('MW_UNS_PAYLOAD_UNKNOWN', { topic: topic.slice(0, 200), found });
  if (payload.length > largestBytes) throw unknown(`${String(payload.length)} bytes`);
  const text = decodeText(payload);
  if (text === undefined) throw unknown(`${String(payload.length)} bytes that are no text`);
  const found = parseJson(text);
  if (found === undefined) return plainText(text, unknown);
  if (typeof found !== 'object') return plainValue(found, undefined, undefined, unknown);
  if (found === null || Array.isArray(found)) throw unknown(found === null ? 'null' : 'a list');
  if ('schema' in found) return contractOf(found as unknown as Body);
  const { value, timestamp, unit } = found as { value?: unknown; timestamp?: unknown; unit?: unknown };
  if (typeof value !== 'number' && typeof value !== 'string' && typeof value !== 'boolean')
    throw unknown('an object without value');
  const sourceMs = timestamp === undefined ? undefined : instantOf(timestamp);
  if (Number.isNaN(sourceMs)) throw unknown(`timestamp ${JSON.stringify(timestamp).slice(0, 60)}`);
  return plainValue(value, sourceMs, typeof unit === 'string' ? unit.slice(0, 40) : undefined, unknown);
}

function contractOf({ schema, duplicate, mw, payload }: Body): ReadBody {
  const type = unsContracts.find((one) => one === schema);
  if (!type) {
    const given = typeof schema === 'string' ? schema.slice(0, 60) : typeof schema;
    throw new MillwrightError('MW_CONTRACT_UNKNOWN', { type: given, expected: unsContracts.join(', ') });
  }
  const envelope = typeof mw === 'object' ? { ...(mw as object | null), type } : mw;
  const problem = checkEnvelope(envelope);
  if (problem) throw new MillwrightError('MW_PAYLOAD_INVALID', { contract: 'mw', ...problem });
  const check = checks.get(type) ?? compileCheck(contracts[type]);
  checks.set(type, check);
  const broken = check(payload);
  if (broken) throw new MillwrightError('MW_PAYLOAD_INVALID', { contract: type, ...broken });
  const { delivery, ...shared } = envelope as unknown as Envelope;
  return { kind: 'contract', type, mw: shared, payload, duplicate: duplicate === true || delivery?.duplicate === true };
}

function decodeText(payload: Uint8Array): string | undefined {
  try {
    return utf8.decode(payload);
  } catch {
    return undefined;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Text that is no JSON is a text value, as long as it is short and printable. */
function plainText(text: string, unknown: (found: string) => MillwrightError): ReadBody {
  const longest = 1_000;
  if (text.length > longest) throw unknown(`a text of ${String(text.length)} characters`);
  if (text === '' || /[\u0000-\u0008\u000e-\u001f\u007f]/.test(text))
    throw unknown(text === '' ? 'nothing' : 'control characters');
  if (/^\s*[{[]/.test(text)) throw unknown('damaged JSON');
  return plainValue(text, undefined, undefined, unknown);
}

function plainValue(
  value: unknown,
  sourceMs: number | undefined,
  unit: string | undefined,
  unknown: (found: string) => MillwrightError,
): ReadBody {
  if (typeof value === 'number' && !Number.isFinite(value)) throw unknown('a number without end');
  return { kind: 'value', value: value as Sample['value'], dataType: dataTypeOf(value), sourceMs, unit };
}

function dataTypeOf(value: unknown): string {
  return typeof value === 'number' ? 'Double' : typeof value === 'boolean' ? 'Boolean' : 'String';
}

/** Milliseconds or seconds since 1970, or ISO text; NaN where it is neither. */
function instantOf(timestamp: unknown): number {
  const firstMs = 100_000_000_000;
  const ms =
    typeof timestamp === 'string'
      ? parseInstant(timestamp)
      : typeof timestamp === 'number'
        ? timestamp * (timestamp < firstMs ? 1000 : 1)
        : NaN;
  return ms >= 0 && ms <= lastMs ? ms : NaN;
}

/**
 * A plain value as a sample. What the broker had kept and whose time nobody tells may be old: its quality is uncertain
 * (`UncertainLastUsableValue`, OPC 10000-8).
 */
export function sampleOf(
  tag: string,
  { value, dataType, sourceMs, unit }: Extract<ReadBody, { kind: 'value' }>,
  receivedMs: number,
  retained: boolean,
): Sample {
  const stale = retained && sourceMs === undefined;
  return {
    tag,
    value,
    dataType,
    ...(unit === undefined ? {} : { unit }),
    quality: stale ? 'uncertain' : 'good',
    ...(stale ? { statusCode: 'UncertainLastUsableValue' } : {}),
    sourceTime: timeText(Math.floor(sourceMs ?? receivedMs)),
    serverTime: timeText(receivedMs),
  };
}
