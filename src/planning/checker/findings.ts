import { isoInstant } from '../../kernel/index.ts';
import type { MissedWish } from '../../plant/index.ts';

/** How many findings are kept in words. */
const most = 20;

/** Collects what is wrong with a plan, in words; all are counted, the first twenty kept. */
export class Findings {
  readonly words: string[] = [];
  count = 0;

  add(text: string): void {
    this.count++;
    if (this.words.length < most) this.words.push(text);
  }
}

/** Collects wishes that a plan misses; the first twenty are kept. */
export class MissedWishes {
  readonly list: MissedWish[] = [];

  add(key: MissedWish['key'], params: MissedWish['params'], text: string): void {
    if (this.list.length < most) this.list.push({ key, params, text });
  }
}

/** An instant as people read it in a finding. */
export function at(instant: number): string {
  return Number.isFinite(instant) ? isoInstant(instant) : String(instant);
}
