import deCommon from '../../../locales/de/common.json' with { type: 'json' };
import de from '../../../locales/de/board.json' with { type: 'json' };
import enCommon from '../../../locales/en-US/common.json' with { type: 'json' };
import en from '../../../locales/en-US/board.json' with { type: 'json' };
import type { ConflictView, RefusalView } from '../view.ts';

/** A key of the board's catalogue. */
export type TextKey = keyof typeof en;
type Params = Record<string, string | number | boolean>;

/** Languages the page speaks. */
export const languages = { 'en-US': 'EN', de: 'DE' } as const;
export type Language = keyof typeof languages;

const catalogues: Record<Language, { board: Record<TextKey, string>; common: typeof enCommon }> = {
  'en-US': { board: en, common: enCommon },
  de: { board: de, common: deCommon },
};

const minuteMs = 60_000;

/** Texts, numbers and times for one reader: a language, and always the site's time zone. Instants are milliseconds UTC. */
export class Texts {
  readonly language: Language;
  readonly timeZone: string;
  #time: Intl.DateTimeFormat;
  #dayTime: Intl.DateTimeFormat;
  #day: Intl.DateTimeFormat;
  #zone: Intl.DateTimeFormat;

  constructor(language: Language, timeZone: string) {
    this.language = language;
    this.timeZone = timeZone;
    const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone } as const;
    const date = { weekday: 'short', day: 'numeric', month: 'short', timeZone } as const;
    this.#time = new Intl.DateTimeFormat(language, clock);
    this.#dayTime = new Intl.DateTimeFormat(language, { ...clock, weekday: 'short', day: 'numeric', month: 'numeric' });
    this.#zone = new Intl.DateTimeFormat(language, { timeZone, timeZoneName: 'short' });
    this.#day = new Intl.DateTimeFormat(language, date);
  }

  /** The text of a key with its placeholders filled. */
  t(key: TextKey, params: Params = {}): string {
    return fillIn(catalogues[this.language].board[key], params);
  }

  /** The text of a key made from a code that came from the server, or the code itself. */
  code(prefix: string, code: string): string {
    const board: Record<string, string> = catalogues[this.language].board;
    return board[`${prefix}.${code}`] ?? code;
  }

  /** Whether the catalogue has words for a code. */
  knows(key: string): key is TextKey {
    return Object.hasOwn(en, key);
  }

  /** What a refusal means and what can be done about it. */
  refusal({ code, params }: RefusalView): string {
    const role = typeof params.role === 'string' ? { ...params, role: this.code('role', params.role) } : params;
    return [this.#common('errors', code, role) ?? code, this.#common('fixes', code, role)].filter(Boolean).join(' ');
  }

  /** What can be done about an error. */
  fix(code: string): string {
    return this.#common('fixes', code) ?? '';
  }

  /** Why an operation can have no place, with what together is to blame. */
  conflict({ kind, jobOrderId, subject, causes }: ConflictView): string {
    const what = this.#common('conflicts', kind, { job: jobOrderId, subject }) ?? `${jobOrderId}: ${kind} (${subject})`;
    const because = causes.map(
      (cause) => this.#common('causes', cause.kind, cause) ?? `${cause.kind} ${cause.subject}`,
    );
    return because.length === 0 ? what : `${what}: ${because.join(' + ')}`;
  }

  /** A text that the whole package shares. */
  #common(group: string, key: string, params: Params = {}): string | undefined {
    const text = (catalogues[this.language].common as Record<string, Record<string, string>>)[group]?.[key];
    return text === undefined ? undefined : fillIn(text, params);
  }

  number(value: number, digits = 0): string {
    return value.toLocaleString(this.language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  }

  /** As `number`, without marks between thousands. */
  plainNumber(value: number, digits: number): string {
    return value.toLocaleString(this.language, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      useGrouping: false,
    });
  }

  /** `14:05` on the site's clocks. */
  time(instant: number): string {
    return this.#time.format(instant);
  }

  /** `Tue 24.11., 14:05`, or the time alone where it is on the same day as `near`. */
  when(instant: number, near: number): string {
    return this.day(instant) === this.day(near) ? this.time(instant) : this.#dayTime.format(instant);
  }

  /** Day and time, always both. */
  dayTime(instant: number): string {
    return this.#dayTime.format(instant);
  }

  /** `Tue, Nov 24`. */
  day(instant: number): string {
    return this.#day.format(instant);
  }

  /** What the site's clocks go by at an instant: `GMT+1`, `MEZ`, `UTC`. */
  zoneName(instant: number): string {
    const parts = this.#zone.formatToParts(instant);
    return parts.find(({ type }) => type === 'timeZoneName')?.value ?? this.timeZone;
  }

  /** A length of time in days, hours and minutes, the two largest of them. */
  duration(seconds: number): string {
    const minutes = Math.round(Math.abs(seconds) / 60);
    const days = new Intl.NumberFormat(this.language, { style: 'unit', unit: 'day', unitDisplay: 'short' });
    const parts = [
      { value: Math.floor(minutes / 1440), text: (value: number) => days.format(value) },
      { value: Math.floor(minutes / 60) % 24, text: (value: number) => `${value} h` },
      { value: minutes % 60, text: (value: number) => `${value} min` },
    ];
    const first = parts.findIndex(({ value }) => value > 0);
    if (first < 0) return '0 min';
    return parts
      .slice(first, first + 2)
      .filter(({ value }) => value > 0)
      .map(({ value, text }) => text(value))
      .join(' ');
  }

  /** A shift in time with its sign: `+2 h 5 min`. */
  shift(milliseconds: number): string {
    if (Math.abs(milliseconds) < minuteMs / 2) return '±0';
    return `${milliseconds > 0 ? '+' : '−'}${this.duration(milliseconds / 1_000)}`;
  }
}

/** The language that a site's or a browser's tag stands for. */
export function languageOf(tag: string): Language {
  return tag.toLowerCase().startsWith('de') ? 'de' : 'en-US';
}

function fillIn(text: string, params: Params): string {
  return text.replace(/\{\{(\w+)\}\}/g, (all, name: string) => (name in params ? String(params[name]) : all));
}
