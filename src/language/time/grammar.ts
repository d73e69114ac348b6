import type { TimeRule } from './patterns.ts';
import { timeRules } from './rules.ts';
import type { TimeContext, TimeReading } from './dates.ts';

/** A question with its time phrases taken out: `⟨t0⟩` stands for the first that was found, and so on. */
export interface TimedText {
  text: string;
  times: TimeReading[];
}

const compiled = new WeakMap<TimeContext['shiftWords'], TimeRule[]>();

/**
 * Finds the time phrases of a normalised question, in English and German, and replaces them by placeholders.
 * Weekdays mean the most recent one; a date without a year the most recent such date. What lies in the future or
 * can be read in two ways (7/8/2026, "this morning") is given back as that, never guessed.
 */
export function readTimes(text: string, context: TimeContext): TimedText {
  const times: TimeReading[] = [];
  let rest = spellOutShifts(text, context.shiftWords);
  for (const rule of rulesFor(context.shiftWords))
    rest = rest.replace(rule.pattern, (...found: unknown[]) => {
      const groups = found.slice(
        0,
        found.findIndex((part) => typeof part === 'number'),
      ) as (string | undefined)[];
      const reading = rule.read(groups, context);
      if (reading === undefined) return groups[0] ?? '';
      times.push(reading);
      return ` ⟨t${String(times.length - 1)}⟩ `;
    });
  return { text: rest.replace(/\s+/g, ' ').trim(), times };
}

/** `early and late shift` names two shifts. */
function spellOutShifts(text: string, shiftWords: TimeContext['shiftWords']): string {
  const words = shiftWords.flatMap((shift) => shift.words);
  return text.replace(/\b(\w+) (and|or|und|oder) (?=\w+ shifts?\b)/g, (found, word: string, link: string) =>
    words.includes(`${word} shift`) ? `${word} shift ${link} ` : found,
  );
}

function rulesFor(shiftWords: TimeContext['shiftWords']): TimeRule[] {
  const known = compiled.get(shiftWords);
  if (known) return known;
  const rules = timeRules(shiftWords);
  compiled.set(shiftWords, rules);
  return rules;
}
