/** What an endpoint was found to take; servers that call themselves compatible differ in it. */
export interface Dialect {
  /** Structured output by `response_format`, or by the prompt alone. */
  structured: 'schema' | 'prompt';
  limit: 'max_tokens' | 'max_completion_tokens';
  /** Whether temperature and seed are taken. */
  sampling: boolean;
}

/** What every endpoint is taken to understand at first. */
export const usualDialect: Dialect = { structured: 'schema', limit: 'max_tokens', sampling: true };

/**
 * The next dialect to try after an endpoint called a request wrong: without the parameter that it names, else without
 * the schema; undefined where nothing is left to leave out.
 */
export function simplerDialect(dialect: Dialect, complaint: string): Dialect | undefined {
  const text = complaint.toLowerCase();
  if (/response_format|json_schema|schema|grammar/.test(text) && dialect.structured === 'schema')
    return { ...dialect, structured: 'prompt' };
  if (text.includes('max_tokens') && dialect.limit === 'max_tokens')
    return { ...dialect, limit: 'max_completion_tokens' };
  if (/temperature|seed/.test(text) && dialect.sampling) return { ...dialect, sampling: false };
  return dialect.structured === 'schema' ? { ...dialect, structured: 'prompt' } : undefined;
}
