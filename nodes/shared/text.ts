import type { NodeAPI } from 'node-red';
import { toMillwrightError, type MillwrightError } from '../../src/kernel/index.ts';
import type { Conflict } from '../../src/planning/index.ts';

/** An error as a Catch node shows it: text in the runtime's language, stable code, cause. */
export interface NodeError extends Error {
  code: string;
}

const mostConflicts = 20;

/** Where the build puts the texts of all errors, once for the whole package. */
const errorCatalogue = '@millwright/node-red-shopfloor/mw-site:';

/** Gives an error its text from the package's catalogue; the code itself stands in where there is none. */
export function localise(RED: NodeAPI, thrown: unknown): NodeError {
  const error: MillwrightError = toMillwrightError(thrown);
  const what = lookUp(RED, `errors.${error.code}`, paramsInWords(RED, error));
  const fix = lookUp(RED, `fixes.${error.code}`, error.params);
  const text = [what ?? error.message, fix].filter(Boolean).join(' ');
  const localised = new Error(text, { cause: error.cause ?? error }) as NodeError;
  localised.code = error.code;
  localised.name = 'MillwrightError';
  return localised;
}

/** The parameters of an error's text; a conflicting set in the reader's language. */
function paramsInWords(RED: NodeAPI, { code, params, cause }: MillwrightError): Record<string, unknown> {
  if (code !== 'MW_PLAN_INFEASIBLE' || !Array.isArray(cause)) return params;
  const words = (cause as Conflict[]).slice(0, mostConflicts).map(({ kind, jobOrderId, subject, causes = [] }) => {
    const because = causes.map((one) => lookUp(RED, `causes.${one.kind}`, { subject: one.subject }) ?? one.kind);
    const conflict = lookUp(RED, `conflicts.${kind}`, { job: jobOrderId, subject }) ?? `${jobOrderId}: ${kind}`;
    return because.length === 0 ? conflict : `${conflict}: ${because.join(' + ')}`;
  });
  return { ...params, conflicts: words.join('; ') };
}

function lookUp(RED: NodeAPI, key: string, params: Record<string, unknown>): string | undefined {
  const text = RED._(errorCatalogue + key, params as Record<string, string>);
  return text && !text.endsWith(key) ? text : undefined;
}
