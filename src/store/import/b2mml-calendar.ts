import { DateTime } from 'luxon';
import { children, childText, durationSeconds, type B2mmlDocument } from './b2mml-elements.ts';
import type { XmlElement } from './xml.ts';

const days = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

/**
 * A recurring entry of a work calendar definition as a shift: start rule a time (of a day), duration rule a duration,
 * recurrence a day or a week of XML Schema or iCalendar (`P1D`, `P7D`, `FREQ=WEEKLY;BYDAY=MO,TU`). What else there may
 * be is left out.
 */
export function readCalendarDefinition(element: XmlElement, document: B2mmlDocument): void {
  const start = /^(?:(\d{4}-\d\d-\d\d)T)?(\d\d:\d\d)(?::00(?:\.0+)?)?$/.exec(childText(element, 'StartRule'));
  const seconds = durationSeconds(childText(element, 'DurationRule'));
  const weekdays = start && weekdaysOf(childText(element, 'RecurrenceTime').toUpperCase(), start[1]);
  const isShift = weekdays && seconds !== undefined && seconds > 0 && seconds <= 86_400;
  if (isShift) {
    const end = DateTime.fromISO(`2000-01-01T${start[2]!}`, { zone: 'utc' }).plus({ seconds }).toFormat('HH:mm');
    const cells = { shift_id: childText(element, 'ID'), name: childText(element, 'Description') };
    const times = { start_local: start[2]!, end_local: end, weekdays };
    document.add('shifts', element.line, new Map(Object.entries({ ...cells, ...times })));
  } else document.skip(element);
  for (const child of children(element, 'WorkCalendarDefinitionEntry')) readCalendarDefinition(child, document);
}

/** ISO weekdays of a recurrence; nothing where it is another. */
function weekdaysOf(rule: string, from: string | undefined): string | undefined {
  if (rule === 'P1D' || rule === 'FREQ=DAILY') return '1-7';
  const weekly = /^(?:RRULE:)?FREQ=WEEKLY;BYDAY=([A-Z,]+)$/.exec(rule)?.[1]?.split(',');
  if (weekly?.every((day) => days.includes(day))) return weekly.map((day) => String(days.indexOf(day) + 1)).join(' ');
  const isWeek = /^(P7D|P1W|FREQ=WEEKLY)$/.test(rule) && from !== undefined;
  return isWeek ? String(DateTime.fromISO(from).weekday) : undefined;
}

/** An entry without work (a holiday, a closed plant) as the local days on which it begins; other entries are left out. */
export function readCalendarEntry(element: XmlElement, document: B2mmlDocument): void {
  const [start, finish] = ['StartDateTime', 'FinishDateTime'].map((name) =>
    DateTime.fromISO(childText(element, name), { zone: document.zone }),
  );
  const isClosed = /holiday|closed|shut ?down|non.?work/i.test(childText(element, 'EntryType'));
  const isOfAll = children(element, 'HierarchyScope').length === 0;
  if (!isClosed || !isOfAll || !start?.isValid || !finish?.isValid || finish.diff(start, 'days').days > 60)
    document.skip(element);
  else {
    const known = new Set((document.tables.get('holidays') ?? []).map(({ cells }) => cells.get('local_date')));
    for (let day = start.startOf('day'); day < finish; day = day.plus({ days: 1 })) {
      const date = day.toISODate();
      if (!known.has(date)) document.add('holidays', element.line, new Map([['local_date', date]]));
    }
  }
  for (const child of children(element, 'WorkCalendarEntry')) readCalendarEntry(child, document);
}
