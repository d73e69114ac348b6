import { readFileSync } from 'node:fs';

/** Ids of master data by dimension; all dimensions hold, within one any of its values. */
export type GoldFilters = Record<string, string[]>;

/** Filters on records themselves. */
export interface GoldRecords {
  duration_min?: { gt?: number; gte?: number; lt?: number };
  /** `open` and `late`, or request states word for word. */
  order_state?: string[];
  due_date?: { from?: string; to?: string };
  machine_state?: string[];
}

/** The right reading of a question, told without anything of the language room. */
export interface GoldReading {
  metrics: string[];
  filters: GoldFilters;
  /** UTC, half-open; absent where `anyPeriod` says that the state of things now is asked for. */
  from?: string;
  to?: string;
  anyPeriod?: true;
  groupBy: string[];
  shape: 'value' | 'breakdown' | 'trend' | 'top' | 'compare' | 'list';
  compareFrom?: string;
  compareTo?: string;
  order?: 'asc' | 'desc';
  limit?: number;
  records?: GoldRecords;
}

/** A question that must not be answered, with the refusals that fit. */
export interface GoldRefusal {
  refusal: string[];
}

/** One question with what is right. */
export interface GoldQuestion {
  id: string;
  text: string;
  lang: 'en' | 'de';
  stratum: string;
  scene: string;
  /** The first is the usual reading; the others are right too. */
  gold: (GoldReading | GoldRefusal) & { alternatives?: (GoldReading | GoldRefusal)[] };
}

/** Everything that is right for a question, the usual first. */
export function goldsOf({ gold }: GoldQuestion): (GoldReading | GoldRefusal)[] {
  const { alternatives, ...usual } = gold;
  return [usual, ...(alternatives ?? [])];
}

/** What a file of JSON lines holds. */
export function readLines<T>(file: string): T[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as T);
}
