import { DateTime } from 'luxon';
import type { Language } from '../metric.ts';
import type { PeriodSpec, ResolvedPeriod } from './period.ts';

const unitNames: Record<string, Record<Language, readonly [running: string, last: string]>> = {
  shift: { en: ['running shift', 'last shift'], de: ['laufende Schicht', 'letzte Schicht'] },
  day: { en: ['today so far', 'yesterday'], de: ['heute bisher', 'gestern'] },
  week: { en: ['this week so far', 'last week'], de: ['diese Woche bisher', 'letzte Woche'] },
  month: { en: ['this month so far', 'last month'], de: ['dieser Monat bisher', 'letzter Monat'] },
  quarter: { en: ['this quarter so far', 'last quarter'], de: ['dieses Quartal bisher', 'letztes Quartal'] },
  year: { en: ['this year so far', 'last year'], de: ['dieses Jahr bisher', 'letztes Jahr'] },
};

const countedUnits: Record<string, Record<Language, string>> = {
  minute: { en: 'minutes', de: 'Minuten' },
  hour: { en: 'hours', de: 'Stunden' },
  shift: { en: 'shifts', de: 'Schichten' },
  day: { en: 'days', de: 'Tage' },
  week: { en: 'weeks', de: 'Wochen' },
  month: { en: 'months', de: 'Monate' },
};

/** A period for people: what it is called, then its bounds in local time with the zone. */
export function describePeriod(spec: PeriodSpec, period: ResolvedPeriod, zone: string, language: Language): string {
  if (spec.kind === 'now')
    return `${language === 'de' ? 'Stand' : 'as of'} ${localTime(period.end, zone, language)} (${zone})`;
  const name = nameOf(spec, period, language);
  const bounds = `${localStretch(period.start, period.end, zone, language)} (${zone})`;
  return name === '' ? bounds : `${name}: ${bounds}`;
}

/** An instant in local time, `21 Nov 2026 14:00` or `21.11.2026 14:00`. */
export function localTime(ms: number, zone: string, language: Language): string {
  return DateTime.fromMillis(ms, { zone })
    .setLocale('en')
    .toFormat(`${dateFormat(language)} HH:mm`);
}

/** A calendar day `2026-11-21` as people write it, `21 Nov 2026` or `21.11.2026`. */
export function dayName(day: string, language: Language): string {
  return DateTime.fromISO(day, { zone: 'utc' }).setLocale('en').toFormat(dateFormat(language));
}

function localStretch(start: number, end: number, zone: string, language: Language): string {
  const [from, to] = [start, end].map((ms) => DateTime.fromMillis(ms, { zone }));
  const isOneDay = from!.toISODate() === to!.toISODate();
  return `${localTime(start, zone, language)}–${isOneDay ? to!.toFormat('HH:mm') : localTime(end, zone, language)}`;
}

function dateFormat(language: Language): string {
  return language === 'de' ? 'dd.MM.yyyy' : 'd MMM yyyy';
}

function nameOf(spec: PeriodSpec, period: ResolvedPeriod, language: Language): string {
  const shiftNames = [...new Set((period.shifts ?? []).map((shift) => shift.name))].join(', ');
  if (spec.kind === 'unit') {
    const running = spec.back < 2 ? (unitNames[spec.unit]?.[language][spec.back] ?? '') : '';
    const name = period.isWhole ? running.replace(/ (so far|bisher)$/, '') : running;
    return [name, shiftNames].filter((part) => part !== '').join(', ');
  }
  if (spec.kind === 'last') {
    const unit = countedUnits[spec.unit]?.[language] ?? '';
    return language === 'de' ? `letzte ${spec.n} ${unit}` : `last ${spec.n} ${unit}`;
  }
  return shiftNames;
}
