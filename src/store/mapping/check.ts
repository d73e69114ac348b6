import type { ExpectedColumn, ExpectedView } from './expected.ts';
import { mendView, type TimeUnit } from './mend.ts';
import type { MappedEngine } from './sources.ts';

/** A view as a database has it. */
export interface FoundView {
  columns: readonly FoundColumn[];
  /** Some of its rows, by column name. */
  rows: readonly Record<string, unknown>[];
  /** The SELECT that it is made of, where that is needed to keep it beside a mended one. */
  select?: string;
}

/** A column as a database declares it; `unknown` where it declares nothing. */
export interface FoundColumn {
  name: string;
  declared: 'text' | 'number' | 'time' | 'unknown' | 'other';
  /** In the database's own words. */
  type: string;
}

/** What does not fit: a key below `form.mappingFindings` of the catalogue. */
export interface MappingFinding {
  kind:
    | 'view-missing'
    | 'view-unreadable'
    | 'column-missing'
    | 'wrong-type'
    | 'wrong-unit'
    | 'empty'
    | 'end-before-start'
    | 'negative'
    | 'unknown-equipment'
    | 'unknown-value'
    | 'no-rows';
  column?: string;
  found?: string;
  expected?: string;
  /** Of the rows looked at, how many. */
  rows?: number;
  /** The first few of them. */
  sample?: Record<string, unknown>[];
}

/** What became of one view. */
export interface ViewReport {
  view: string;
  /** Rows looked at. */
  rows: number;
  findings: MappingFinding[];
  /** Statements that would mend the structure; a view that is missing is to be filled in. */
  mend?: string;
}

const samplesShown = 3;
const textShown = 60;

/**
 * Compares a view with what questions need: columns, types, units of time, and the rules that rows must keep.
 * @param found nothing where the view is missing; `cause` where it cannot be read
 * @param machines ids of the plant's machines; none are compared where there are none
 */
export function checkView(
  expected: ExpectedView,
  found: FoundView | { cause: string } | undefined,
  machines: ReadonlySet<string>,
  engine: MappedEngine,
): ViewReport {
  const { view, columns } = expected;
  if (!found)
    return {
      view,
      rows: 0,
      findings: [{ kind: 'view-missing' }],
      mend: mendView(expected, undefined, new Map(), engine),
    };
  if ('cause' in found) return { view, rows: 0, findings: [{ kind: 'view-unreadable', found: found.cause }] };
  const units = new Map<string, TimeUnit>();
  const structure = columns.flatMap((column): MappingFinding[] => {
    const there = found.columns.find(({ name }) => name.toLowerCase() === column.name);
    if (!there) return [{ kind: 'column-missing', column: column.name, expected: column.kind }];
    const values = found.rows.map((row) => row[there.name]).filter((value) => value !== null && value !== undefined);
    if (column.kind !== 'instant') return typeFinding(column, there, values);
    const unit = unitOf(there, values);
    if (unit === undefined)
      return [{ kind: 'wrong-type', column: column.name, found: there.type, expected: 'instant' }];
    if (unit === 'milliseconds') return [];
    units.set(column.name, unit);
    return [{ kind: 'wrong-unit', column: column.name, found: unit, expected: 'milliseconds' }];
  });
  const broken = structure.length > 0 ? [] : ruleFindings(expected, found.rows, machines);
  const none: MappingFinding[] = found.rows.length === 0 ? [{ kind: 'no-rows' }] : [];
  return {
    view,
    rows: found.rows.length,
    findings: [...structure, ...broken, ...none],
    ...(structure.length > 0 ? { mend: mendView(expected, found, units, engine) } : {}),
  };
}

/** A declared type decides; where none is, the values do. */
function typeFinding({ name, kind }: ExpectedColumn, there: FoundColumn, values: readonly unknown[]): MappingFinding[] {
  const isKind = (value: unknown) => typeof value === (kind === 'text' ? 'string' : 'number');
  const fits = there.declared === 'unknown' ? values.every(isKind) : there.declared === kind;
  if (fits) return [];
  const odd = values.find((value) => !isKind(value));
  const found = there.declared === 'unknown' ? `${typeof odd}: ${shown(odd)}` : there.type;
  return [{ kind: 'wrong-type', column: name, found, expected: kind }];
}

/**
 * The unit of an instant. Numbers tell it by their size: seconds, milliseconds, microseconds and nanoseconds since 1970
 * do not overlap from 1973 on. Nothing where it is no instant.
 */
function unitOf({ declared }: FoundColumn, values: readonly unknown[]): TimeUnit | 'milliseconds' | undefined {
  if (declared === 'time') return 'timestamp';
  const numbers = values.filter((value) => typeof value === 'number' || typeof value === 'bigint').map(Number);
  if (numbers.length === values.length && declared !== 'text') {
    if (declared === 'other') return undefined;
    const [middle = 1e12] = numbers
      .map(Math.abs)
      .sort((a, b) => a - b)
      .slice(Math.floor(numbers.length / 2));
    if (middle < 1e8) return undefined;
    if (middle < 1e11) return 'seconds';
    if (middle < 1e14) return 'milliseconds';
    return middle < 1e17 ? 'microseconds' : 'nanoseconds';
  }
  const texts = values.every((value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)));
  return texts && (declared === 'text' || declared === 'unknown') ? 'text' : undefined;
}

function ruleFindings(
  { columns, stretch }: ExpectedView,
  rows: readonly Record<string, unknown>[],
  machines: ReadonlySet<string>,
): MappingFinding[] {
  const breaking = (finding: MappingFinding, breaks: (row: Record<string, unknown>) => boolean): MappingFinding[] => {
    const bad = rows.filter(breaks);
    return bad.length === 0 ? [] : [{ ...finding, rows: bad.length, sample: bad.slice(0, samplesShown) }];
  };
  const isText = (value: unknown): value is string => typeof value === 'string';
  const found = columns.flatMap(({ name, required, counted, machine, oneOf }) => [
    ...(required ? breaking({ kind: 'empty', column: name }, (row) => row[name] === null) : []),
    ...(counted ? breaking({ kind: 'negative', column: name }, (row) => Number(row[name]) < 0) : []),
    ...(machine && machines.size > 0
      ? breaking({ kind: 'unknown-equipment', column: name }, (row) => isText(row[name]) && !machines.has(row[name]))
      : []),
    ...(oneOf
      ? breaking(
          { kind: 'unknown-value', column: name, expected: oneOf.join(', ') },
          (row) => isText(row[name]) && !oneOf.includes(row[name]),
        )
      : []),
  ]);
  if (!stretch) return found;
  const [start, end] = stretch;
  const isBackwards = (row: Record<string, unknown>) =>
    typeof row[start] === 'number' && typeof row[end] === 'number' && row[end] < row[start];
  return [...found, ...breaking({ kind: 'end-before-start', column: end }, isBackwards)];
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > textShown ? `${text.slice(0, textShown - 1)}…` : text;
}
