import { MillwrightError } from '../kernel/index.ts';

/** Longest line of an export, in characters: far above any entry, far below what fills memory. */
const longestLine = 16 * 1024 * 1024;

/**
 * Splits bytes into lines at line feeds, the last one with or without. Throws `MW_PAYLOAD_INVALID` for bytes that
 * are no UTF-8 and for lines beyond 16 M characters, so that no file can fill the memory.
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let rest = '';
  for await (const chunk of chunks) {
    const parts = decode(() => decoder.decode(chunk, { stream: true })).split('\n');
    parts[0] = rest + (parts[0] ?? '');
    rest = parts.pop() ?? '';
    yield* parts;
    if (rest.length > longestLine) throw invalid('a line of more than 16 M characters', 'shorter lines');
  }
  rest += decode(() => decoder.decode());
  if (rest !== '') yield rest;
}

function decode(read: () => string): string {
  try {
    return read();
  } catch {
    throw invalid('bytes that are no UTF-8', 'UTF-8');
  }
}

function invalid(found: string, expected: string): MillwrightError {
  return new MillwrightError('MW_PAYLOAD_INVALID', { contract: 'audit export', pointer: '/', found, expected });
}
