import { contracts, Envelope, type ContractType } from '../../src/contracts/index.ts';
import { compileCheck, MillwrightError, type Check } from '../../src/kernel/index.ts';
import { makeEnvelope } from './envelope.ts';

/** A message as Node-RED passes it; everything unknown on it is kept. */
export interface FlowMessage {
  payload?: unknown;
  topic?: unknown;
  mw?: unknown;
  _msgid?: string;
  [key: string]: unknown;
}

/** A message that has passed a node's door. */
export interface Admitted<P = unknown> {
  type: ContractType;
  payload: P;
  mw: Envelope;
  /** The message as it came, to be passed on. */
  message: FlowMessage;
}

/** Turns a node's simple form into a contract's payload, or returns nothing where the message is no simple form. */
export type SimpleForm = (message: FlowMessage) => { type: ContractType; payload: unknown } | undefined;

const checks = new Map<ContractType, Check>();
const checkEnvelope = compileCheck(Envelope);

/** The check of one contract, compiled once. */
function contractCheck(type: ContractType): Check {
  const known = checks.get(type) ?? compileCheck(contracts[type]);
  checks.set(type, known);
  return known;
}

/**
 * Lets a message in, or throws: `MW_CONTRACT_UNKNOWN` for a contract this node does not take,
 * `MW_PAYLOAD_INVALID` with the JSON pointer that failed.
 */
export function admit(
  source: string,
  accepts: readonly ContractType[],
  message: FlowMessage,
  simple?: SimpleForm,
): Admitted {
  const first = accepts[0];
  if (!first) throw new MillwrightError('MW_INTERNAL', { reason: 'a node with an input takes no contract' });
  if (message.mw === undefined) {
    const formed = simple?.(message) ?? { type: first, payload: message.payload };
    return check(formed.type, formed.payload, makeEnvelope(source, { type: formed.type }), message);
  }
  const problem = checkEnvelope(message.mw);
  if (problem) throw new MillwrightError('MW_PAYLOAD_INVALID', { contract: 'msg.mw', ...problem });
  const mw = message.mw as Envelope;
  const type = accepts.find((accepted) => accepted === mw.type);
  if (!type) throw new MillwrightError('MW_CONTRACT_UNKNOWN', { type: mw.type, expected: accepts.join(', ') });
  return check(type, message.payload, mw, message);
}

function check(type: ContractType, payload: unknown, mw: Envelope, message: FlowMessage): Admitted {
  const problem = contractCheck(type)(payload);
  if (problem) throw new MillwrightError('MW_PAYLOAD_INVALID', { contract: type, ...problem });
  return { type, payload, mw, message };
}
