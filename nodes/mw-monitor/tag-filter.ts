/** Compiles patterns (several parted by commas, an asterisk stands for any text) into a test of tags. */
export function tagFilter(patterns: string): (tag: string) => boolean {
  const wanted = patterns
    .split(',')
    .map((pattern) => pattern.trim())
    .filter(Boolean)
    .map((pattern) => pattern.split('*'));
  return (tag) => wanted.some((parts) => matches(tag, parts));
}

/**
 * Whether a tag consists of the parts in order with any text between them. Each part is taken at its first place,
 * so that the time is linear in the pattern whatever it says (a regular expression may take forever).
 */
function matches(tag: string, parts: readonly string[]): boolean {
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (parts.length === 1) return tag === first;
  if (!tag.startsWith(first)) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = tag.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return tag.length - last.length >= at && tag.endsWith(last);
}

/** Reads `CNC-22=60, WASH-14=600` (seconds by machine) into milliseconds. */
export function delaysByMachine(text: string): Record<string, number> {
  const delays: Record<string, number> = {};
  for (const [, machine = '', seconds = ''] of text.matchAll(/([^=,]+)=(\d+)/g))
    delays[machine.trim()] = Number(seconds) * 1000;
  return delays;
}
