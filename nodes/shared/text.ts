import type { NodeAPI } from 'node-red';
import { toMillwrightError, type MillwrightError } from '../../src/kernel/index.ts';

/** An error as a Catch node shows it: text in the runtime's language, stable code, cause. */
export interface NodeError extends Error {
  code: string;
}

/** Gives an error its text from the catalogue of the node's set; the code itself stands in where there is none. */
export function localise(RED: NodeAPI, thrown: unknown): NodeError {
  const error: MillwrightError = toMillwrightError(thrown);
  const what = lookUp(RED, `errors.${error.code}`, error.params);
  const fix = lookUp(RED, `fixes.${error.code}`, error.params);
  const text = [what ?? error.message, fix].filter(Boolean).join(' ');
  const localised = new Error(text, { cause: error.cause ?? error }) as NodeError;
  localised.code = error.code;
  localised.name = 'MillwrightError';
  return localised;
}

function lookUp(RED: NodeAPI, key: string, params: Record<string, unknown>): string | undefined {
  const text = RED._(key, params as Record<string, string>);
  return text && text !== key ? text : undefined;
}
