import type { Asked } from '../ask.ts';
import type { Choice } from './clarify.ts';
import type { Understanding } from '../understand.ts';

/** What an answer was given to. */
export interface GivenAnswer {
  asked: Asked;
  understood: Understanding;
}

/** The newest answers by trace id, so that a person can choose among what was offered, or mark one. */
export interface GivenAnswers {
  keep(traceId: string, given: GivenAnswer): void;
  find(traceId: string): GivenAnswer | undefined;
  /** The choice of an answer that `text` names by its number or its words. */
  choice(traceId: string, text: string): Choice | undefined;
}

/** Answers that are remembered; older ones are forgotten. */
const mostAnswers = 1000;

/** An empty memory of answers. */
export function rememberAnswers(): GivenAnswers {
  const answers = new Map<string, GivenAnswer>();
  return {
    keep(traceId, given) {
      answers.set(traceId, given);
      const [oldest] = answers.keys();
      if (answers.size > mostAnswers && oldest !== undefined) answers.delete(oldest);
    },
    find: (traceId) => answers.get(traceId),
    choice(traceId, text) {
      const choices = answers.get(traceId)?.understood.choices ?? [];
      const number = /^\s*([1-9])\s*[.)]?\s*$/.exec(text)?.[1];
      if (number !== undefined) return choices[Number(number) - 1];
      const words = text.trim().toLowerCase();
      return choices.find((choice) => choice.text.toLowerCase() === words);
    },
  };
}
