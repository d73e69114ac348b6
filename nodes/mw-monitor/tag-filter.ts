/** Compiles patterns (several parted by commas, an asterisk stands for any text) into a test of tags. */
export function tagFilter(patterns: string): (tag: string) => boolean {
  const tests = patterns
    .split(',')
    .map((pattern) => pattern.trim())
    .filter(Boolean)
    .map((pattern) => new RegExp(`^${pattern.split('*').map(escape).join('.*')}$`));
  return (tag) => tests.some((test) => test.test(tag));
}

function escape(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\/]/g, '\\$&');
}

/** Reads `CNC-22=60, WASH-14=600` (seconds by machine) into milliseconds. */
export function delaysByMachine(text: string): Record<string, number> {
  const delays: Record<string, number> = {};
  for (const [, machine = '', seconds = ''] of text.matchAll(/([^=,]+)=(\d+)/g))
    delays[machine.trim()] = Number(seconds) * 1000;
  return delays;
}
