import type { ImportFault, ImportHint } from './fault.ts';
import { readCalendarDefinition, readCalendarEntry } from './b2mml-calendar.ts';
import { children, childText, type B2mmlReader } from './b2mml-elements.ts';
import { readRequest } from './b2mml-requests.ts';
import { readEquipment, readLot, readMaterial, readPerson } from './b2mml-resources.ts';
import { readRouting } from './b2mml-routings.ts';
import type { RawCell } from './cells.ts';
import type { RawRow, RawTable } from './read-rows.ts';
import type { TableName } from './templates.ts';
import type { Tables } from './to-tables.ts';
import { readXml, type XmlElement } from './xml.ts';

/**
 * Objects that are read, by the names of their elements in B2MML 7 (MESA, XML of IEC 62264): resources of part 2, work
 * masters, work schedules and work calendars of part 4, and their siblings of part 2.
 */
const readers: Readonly<Record<string, B2mmlReader>> = {
  Equipment: readEquipment,
  Person: readPerson,
  MaterialDefinition: readMaterial,
  MaterialLot: readLot,
  WorkMaster: readRouting,
  OperationsDefinition: readRouting,
  ProcessSegment: readRouting,
  WorkRequest: readRequest,
  OperationsRequest: readRequest,
  JobOrder: readRequest,
  WorkCalendarDefinitionEntry: readCalendarDefinition,
  WorkCalendarEntry: readCalendarEntry,
};

/** Elements around objects. */
const around =
  /^((Sync|Process|Show|Change)?\w*(Information|Schedule|List|Calendar|CalendarDefinition)|(Sync|Process|Show|Change)\w+|DataArea)$/;
/** Verbs of transactions that define nothing. */
const other = /^(Get|Cancel|Acknowledge|Respond|Confirm)[A-Z]/;
const about =
  /^(ID|Description|Version|Location|HierarchyScope|PublishedDate|ApplicationArea|Sync|Process|Show|Change|(Start|End)(Time|Date)|ScheduledOrderState|ScheduleState|WorkType|OperationsType)$/;

/**
 * Reads a B2MML document into rows of our tables. They are changes: they add rows, or change the cells of those with
 * the same key, and nothing ends. What is left out is told.
 * @param known the tables before, with earlier files: machines of a class and materials of routings are looked up there too
 */
export async function readB2mml(
  text: string,
  known: Tables,
  zone: string,
  file: string | undefined,
): Promise<{ tables: RawTable[]; faults: ImportFault[]; hints: ImportHint[] }> {
  const name = file === undefined ? {} : { file };
  const { root, faults } = await readXml(text);
  const refused = root ? refusals(root) : faults;
  if (!root || refused.length > 0)
    return { tables: [], faults: refused.map((fault) => ({ ...fault, ...name })), hints: [] };
  const tables = new Map<TableName, RawRow[]>();
  const hints = new Map<string, ImportHint>();
  const document = {
    known,
    zone,
    tables,
    add(table: TableName, line: number, cells: ReadonlyMap<string, RawCell>) {
      const rows = tables.get(table) ?? [];
      tables.set(table, rows);
      rows.push({ line, cells });
    },
    skip({ name: found, line }: XmlElement, kind: ImportHint['kind'] = 'element-skipped', more = found) {
      if (!hints.has(`${kind} ${more}`)) hints.set(`${kind} ${more}`, { kind, line, found: more, ...name });
    },
  };
  const walk = (element: XmlElement) => {
    const read = readers[element.name];
    if (read) read(element, document);
    else if (element === root || around.test(element.name)) element.children.forEach(walk);
    else if (!about.test(element.name)) document.skip(element);
  };
  walk(root);
  const found = [...tables].map(([table, rows]) => ({ table, rows, whole: false, ...name }));
  const nothing: ImportFault = { line: root.line, kind: 'not-a-definition', found: root.name, ...name };
  return { tables: found, faults: found.length === 0 ? [nothing] : [], hints: [...hints.values()] };
}

/** Transactions that want something else than to define. */
function refusals(root: XmlElement): ImportFault[] {
  if (other.test(root.name)) return [{ line: root.line, kind: 'not-a-definition', found: root.name }];
  const verbs = children(root, 'DataArea').flatMap((area) =>
    area.children.filter(({ name }) => /^(Sync|Process|Change)$/.test(name)),
  );
  return verbs
    .flatMap((verb) => children(verb, 'ActionCriteria'))
    .flatMap((criteria) => [criteria, ...children(criteria, 'ActionExpression')])
    .filter((each) => each.actionCode === 'Delete' || childText(each, 'ActionCode') === 'Delete')
    .map(({ line }) => ({ line, kind: 'deletion' }));
}
