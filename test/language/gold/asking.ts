import { DateTime } from 'luxon';
import { openAsk, type SemanticQuery } from '../../../src/language/index.ts';
import { resolvePeriod } from '../../../src/language/time/period.ts';
import type { WorkCalendar } from '../../../src/plant/index.ts';
import { openStore } from '../../../src/store/index.ts';

/** A question as an examiner writes it. */
export interface Asked {
  id: string;
  text?: string;
  lang?: string;
}

interface Stretch {
  /** ISO 8601 with the site's offset. */
  from: string;
  to: string;
}

/** How a question was understood: the semantic query, its periods in instants. */
type Understood = Omit<SemanticQuery, 'period' | 'compareTo'> & {
  period: Stretch | null;
  compareTo: Stretch | null;
};

/** What came of a question. */
export interface AskedLine {
  id: string;
  understood: Understood | null;
  period: Stretch | null;
  value: number | string | null;
  rows: Record<string, unknown>[];
  /** Type of the refusal. */
  refusal: string | null;
  milliseconds: number;
}

/** What came of all questions, and the processor time of each, all threads. */
export interface AskedRun {
  lines: AskedLine[];
  cpuMilliseconds: number[];
}

/**
 * Puts questions to a store one after the other, on the way that `mw-ask` takes: parser and second judge, no language
 * model. `now` is the only clock; a period that asks for the present state begins and ends at it.
 */
export async function askStore(file: string, questions: readonly Asked[], now: number): Promise<AskedRun> {
  const store = await openStore({ file });
  try {
    const model = await store.loadPlantModel();
    if (!model) throw new Error(`${file} holds no plant`);
    const { calendar } = model;
    const ask = openAsk({
      query: (sql, parameters) => store.query(sql, parameters),
      model: () => Promise.resolve(model),
    });
    const lines: AskedLine[] = [];
    const cpuMilliseconds: number[] = [];
    for (const { id, text = '', lang } of questions) {
      const asked = { text, now, ...(lang === undefined ? {} : { language: lang }) };
      const cpu = process.cpuUsage();
      const begun = performance.now();
      const answer = await ask.answer(asked);
      const milliseconds = Math.round((performance.now() - begun) * 1000) / 1000;
      const { user, system } = process.cpuUsage(cpu);
      cpuMilliseconds.push((user + system) / 1000);
      const { query } = await ask.read(asked);
      const start = query?.period.kind === 'now' ? now : Date.parse(answer.period?.start ?? '');
      const period = answer.period ? stretch(start, Date.parse(answer.period.end), calendar) : null;
      lines.push({
        id,
        understood: query ? { ...query, period, compareTo: comparedWith(query, calendar, now) } : null,
        period,
        value: answer.refusal ? null : (answer.value ?? null),
        rows: answer.refusal ? [] : answer.rows,
        refusal: answer.refusal?.type ?? null,
        milliseconds,
      });
    }
    return { lines, cpuMilliseconds };
  } finally {
    await store.close();
  }
}

function stretch(start: number, end: number, { timeZone }: WorkCalendar): Stretch {
  const local = (instant: number) =>
    DateTime.fromMillis(instant, { zone: timeZone }).toISO({ suppressMilliseconds: true }) ?? '';
  return { from: local(start), to: local(end) };
}

function comparedWith(query: SemanticQuery, calendar: WorkCalendar, now: number): Stretch | null {
  const period = resolvePeriod(query.period, calendar, now);
  if (!query.compareTo || typeof period === 'string') return null;
  const compared = resolvePeriod(query.compareTo, calendar, now, { spec: query.period, period });
  return typeof compared === 'string' ? null : stretch(compared.start, compared.end, calendar);
}
