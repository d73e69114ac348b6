import { Duration } from 'luxon';
import type { RawCell } from './cells.ts';
import type { ImportHint } from './fault.ts';
import type { RawRow } from './read-rows.ts';
import { columnOf } from './read-table.ts';
import { templates, type TableName } from './templates.ts';
import type { Tables } from './to-tables.ts';
import type { XmlElement } from './xml.ts';

/** What readers of objects put their rows into. */
export interface B2mmlDocument {
  /** The tables before this document. */
  readonly known: Tables;
  readonly zone: string;
  /** The rows read so far. */
  readonly tables: ReadonlyMap<TableName, readonly RawRow[]>;
  add(this: void, table: TableName, line: number, cells: ReadonlyMap<string, RawCell>): void;
  /** Tells, once per name, of an element that is left out. */
  skip(this: void, element: XmlElement, kind?: ImportHint['kind'], found?: string): void;
}

/** Reads one object. */
export type B2mmlReader = (element: XmlElement, document: B2mmlDocument) => void;

/** Elements within one, of any of these names. */
export function children(element: XmlElement, ...names: string[]): XmlElement[] {
  return element.children.filter(({ name }) => names.includes(name));
}

/** Text of the first element within one that has one of these names and is not empty. */
export function childText(element: XmlElement, ...names: string[]): string {
  return children(element, ...names).find(({ text }) => text !== '')?.text ?? '';
}

/** Texts of all elements within one that have one of these names. */
export function childTexts(element: XmlElement, ...names: string[]): string[] {
  return children(element, ...names).flatMap(({ text }) => (text === '' ? [] : [text]));
}

/**
 * The cells of a row: those given, and what properties and parameters of the element say whose ID is the name of a
 * column, which they override.
 */
export function cellsWith(table: TableName, element: XmlElement, given: Record<string, RawCell>): Map<string, RawCell> {
  const cells = new Map(Object.entries(given).filter(([, cell]) => cell.length > 0));
  for (const property of element.children) {
    if (!/(Property|Parameter)$/.test(property.name)) continue;
    const column = columnOf(templates[table].columns, childText(property, 'ID'));
    const value = children(property, 'Value').map((each) => childText(each, 'ValueString') || each.text)[0] ?? '';
    if (column && value !== '') cells.set(column.name, value);
  }
  return cells;
}

/** The first quantity of an element: its number as text, and its unit, `` where there is none. */
export function quantityOf(element: XmlElement): { text: string; unit: string } | undefined {
  const [quantity] = children(element, 'Quantity');
  const text = quantity && childText(quantity, 'QuantityString');
  return text ? { text, unit: childText(quantity, 'UnitOfMeasure') } : undefined;
}

const secondsOf: Readonly<Record<string, number>> = {
  s: 1,
  sec: 1,
  second: 1,
  min: 60,
  minut: 60,
  minute: 60,
  mi: 60,
  h: 3600,
  hr: 3600,
  hur: 3600,
  hour: 3600,
  d: 86_400,
  day: 86_400,
};

/** Seconds of a number with a unit of time as UCUM, UNECE recommendation 20 and people write it; nothing where it is none. */
export function secondsIn({ text, unit }: { text: string; unit: string }): number | undefined {
  const factor = secondsOf[unit.toLowerCase().replace(/s$/, '') || 's'];
  const value = Number(text.replace(',', '.'));
  return factor === undefined || !Number.isFinite(value) || unit === '' ? undefined : value * factor;
}

/** Seconds of a duration of XML Schema (`PT1H30M`); nothing where it is none. */
export function durationSeconds(text: string): number | undefined {
  const seconds = text === '' ? NaN : Duration.fromISO(text).as('seconds');
  return Number.isFinite(seconds) ? seconds : undefined;
}

/** Whether a material is made: `Produced`, in any of the writings of the standard, but no by-product. */
export function isProduced(specification: XmlElement): boolean {
  return /^(material )?produced$/i.test(childText(specification, 'MaterialUse'));
}
