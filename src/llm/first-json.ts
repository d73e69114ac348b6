const mostLetters = 200_000;
const mostAttempts = 20;

/**
 * The first JSON object in a text that may have prose, a thinking part or a code fence around it; undefined where there
 * is none.
 */
export function firstJsonObject(text: string): object | undefined {
  const afterThinking = text.slice(0, mostLetters).replace(/^[\s\S]*<\/think>/, '');
  let from = afterThinking.indexOf('{');
  for (let attempt = 0; from >= 0 && attempt < mostAttempts; attempt++) {
    const end = endOfObject(afterThinking, from);
    const found = end === undefined ? undefined : parsed(afterThinking.slice(from, end));
    if (found) return found;
    from = afterThinking.indexOf('{', from + 1);
  }
  return undefined;
}

/** Just behind the brace that closes the one at `from`, braces in strings not counted. */
function endOfObject(text: string, from: number): number | undefined {
  let depth = 0;
  let inString = false;
  for (let at = from; at < text.length; at++) {
    const letter = text[at];
    if (inString) {
      if (letter === '\\') at++;
      else if (letter === '"') inString = false;
    } else if (letter === '"') inString = true;
    else if (letter === '{') depth++;
    else if (letter === '}' && --depth === 0) return at + 1;
  }
  return undefined;
}

function parsed(text: string): object | undefined {
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}
