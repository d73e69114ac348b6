import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isoInstant, MillwrightError, type Clock } from '../kernel/index.ts';

/** What one day has used; `cost` in the currency of the prices. */
export interface Spent {
  /** UTC date. */
  day: string;
  tokens: number;
  cost: number;
}

/** Keeps what was spent over a restart. */
export interface SpentMemory {
  load(): Spent | undefined;
  save(spent: Spent): void;
}

/** Limits of a day (0: none), and what a million tokens cost. */
export interface BudgetSettings {
  tokensPerDay: number;
  costPerDay: number;
  inputPricePerMillion: number;
  outputPricePerMillion: number;
}

/** Tokens of one call. */
export interface Tokens {
  input: number;
  output: number;
}

/** The day's account of one endpoint. A day begins at 00:00 UTC. */
export interface Budget {
  /**
   * Sets aside what a call may need at most, so that calls at the same time cannot pass the limit together; what it
   * gives back enters what was really used. Throws `MW_LLM_BUDGET` where the day has not so much left.
   */
  reserve(most: Tokens): (used: Tokens) => void;
  readonly spent: Spent;
}

/** Opens the account, going on where the memory says that it stopped today. */
export function openBudget(settings: BudgetSettings, clock: Clock, memory?: SpentMemory): Budget {
  const today = () => isoInstant(clock.now()).slice(0, 10);
  const costOf = ({ input, output }: Tokens) =>
    (input * settings.inputPricePerMillion + output * settings.outputPricePerMillion) / 1e6;
  let spent = memory?.load() ?? { day: today(), tokens: 0, cost: 0 };
  let reserved: Tokens = { input: 0, output: 0 };

  function current(): Spent {
    if (spent.day !== today()) spent = { day: today(), tokens: 0, cost: 0 };
    return spent;
  }
  return {
    get spent() {
      return current();
    },
    reserve(most) {
      const { tokens, cost } = current();
      const wanted = { input: reserved.input + most.input, output: reserved.output + most.output };
      const { tokensPerDay, costPerDay } = settings;
      if (tokensPerDay > 0 && tokens + wanted.input + wanted.output > tokensPerDay)
        throw new MillwrightError('MW_LLM_BUDGET', { spent: tokens, limit: tokensPerDay, unit: 'tokens' });
      if (costPerDay > 0 && cost + costOf(wanted) > costPerDay)
        throw new MillwrightError('MW_LLM_BUDGET', { spent: Number(cost.toFixed(4)), limit: costPerDay, unit: 'cost' });
      reserved = wanted;
      return (used) => {
        reserved = { input: reserved.input - most.input, output: reserved.output - most.output };
        const before = current();
        spent = {
          ...before,
          tokens: before.tokens + used.input + used.output,
          cost: before.cost + costOf(used),
        };
        try {
          memory?.save(spent);
        } catch {
          // A full disk does not stop answers: what is in memory still counts until the restart.
        }
      };
    },
  };
}

/** Tokens of a text, guessed high: three letters each. */
export function guessTokens(text: string): number {
  return Math.ceil(text.length / 3);
}

/** Keeps the account in a file of a folder; what cannot be read counts as nothing spent. */
export function fileSpentMemory(folder: string): SpentMemory {
  const file = join(folder, 'spent.json');
  return {
    load() {
      try {
        const { day, tokens, cost } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Spent>;
        const isWhole = typeof day === 'string' && Number.isFinite(tokens) && Number.isFinite(cost);
        return isWhole ? { day, tokens: Number(tokens), cost: Number(cost) } : undefined;
      } catch {
        return undefined;
      }
    },
    save(spent) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeFileSync(`${file}.new`, JSON.stringify(spent));
      renameSync(`${file}.new`, file);
    },
  };
}
