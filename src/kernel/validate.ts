import { Ajv, type ErrorObject } from 'ajv';

/** Where a value breaks its schema: JSON pointer, what stands there, and what should. */
export interface CheckProblem {
  pointer: string;
  found: string;
  expected: string;
}

/** Says what is wrong with a value, or nothing. */
export type Check = (value: unknown) => CheckProblem | undefined;

const ajv = new Ajv({ strict: false, strictNumbers: true, allErrors: false, verbose: true });

/** Checks one value against a schema that was made for it: nothing of the schema is kept. */
export function checkOnce(schema: object, value: unknown): CheckProblem | undefined {
  try {
    return compileCheck(schema)(value);
  } finally {
    ajv.removeSchema(schema);
  }
}

/** Compiles a JSON Schema once into a check that reports the first problem. */
export function compileCheck(schema: object): Check {
  const validate = ajv.compile(schema);
  return (value) => {
    if (validate(value)) return undefined;
    const error = validate.errors?.[0];
    return error ? describe(value, error) : { pointer: '', found: 'a value', expected: 'another value' };
  };
}

function describe(root: unknown, error: ErrorObject): CheckProblem {
  const params = error.params as Record<string, unknown>;
  if (error.keyword === 'required')
    return {
      pointer: `${error.instancePath}/${String(params.missingProperty)}`,
      found: 'nothing',
      expected: 'a value',
    };
  if (error.keyword === 'additionalProperties')
    return {
      pointer: `${error.instancePath}/${String(params.additionalProperty)}`,
      found: 'a property',
      expected: 'none of that name',
    };
  const expected =
    error.keyword === 'enum'
      ? `one of ${JSON.stringify(params.allowedValues)}`
      : (patternInWords(error) ?? error.message ?? error.keyword);
  return { pointer: error.instancePath || '/', found: show(valueAt(root, error.instancePath)), expected };
}

/** What the schema says in words about a text whose form is wrong. */
function patternInWords({ keyword, parentSchema }: ErrorObject): string | undefined {
  const words: unknown = parentSchema?.description;
  return keyword === 'pattern' && typeof words === 'string' ? words : undefined;
}

function valueAt(root: unknown, pointer: string): unknown {
  let at = root;
  for (const part of pointer.split('/').slice(1))
    at = (at as Record<string, unknown> | null)?.[part.replaceAll('~1', '/').replaceAll('~0', '~')];
  return at;
}

/** Shows a value briefly: never more than 60 characters of it get into an error. */
function show(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${String(value.length)}`;
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : typeof value;
}
