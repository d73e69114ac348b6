import { nearestNames } from '../../kernel/index.ts';
import type { HintKind, ImportHint } from './fault.ts';
import type { TableRow } from './read-rows.ts';
import type { TableName } from './templates.ts';
import { anyFamily, type Tables } from './to-tables.ts';

/**
 * Names that no table has a list of, so that nothing refuses a misspelt one: setup families, equipment classes and
 * qualifications. Told is a name that only one side knows: where it is asked for and nobody has it, and where it stands
 * unused beside one that it nearly is. `expected` holds the nearest known names.
 * @param isNew whether a table was among the files
 */
export function nameHints(tables: Tables, isNew: (table: TableName) => boolean): ImportHint[] {
  const names = (table: TableName, ...columns: string[]) => namesIn(tables[table] ?? [], columns);
  const compare = (
    asked: readonly [TableName, ...string[]],
    there: readonly [TableName, ...string[]],
    kind: HintKind,
    only: 'all' | 'near',
  ): ImportHint[] => {
    const [table, ...columns] = asked;
    const known = new Set(names(...there).map(({ name }) => name));
    if (known.size === 0 || !(isNew(table) || isNew(there[0]))) return [];
    const told = new Set<string>();
    return names(table, ...columns).flatMap(({ name, column, line }): ImportHint[] => {
      if (known.has(name) || name === anyFamily || told.has(name)) return [];
      told.add(name);
      const near = nearestNames(name, known);
      if (only === 'near' && near.length === 0) return [];
      return [{ table, line, column, kind, found: name, expected: near.join(', ') }];
    });
  };
  const families = ['setup_times', 'from_family', 'to_family'] as const;
  return [
    ...compare(['operations', 'qualification_id'], ['persons', 'qualification_ids'], 'unknown-qualification', 'all'),
    ...compare(['persons', 'qualification_ids'], ['operations', 'qualification_id'], 'unused-qualification', 'near'),
    ...compare(families, ['materials', 'setup_family'], 'unknown-family', 'all'),
    ...compare(['materials', 'setup_family'], families, 'unused-family', 'near'),
    ...compare(['setup_times', 'equipment_class_id'], ['equipment', 'equipment_class_id'], 'unknown-class', 'all'),
  ];
}

function namesIn(rows: readonly TableRow[], columns: readonly string[]) {
  return rows.flatMap(({ line, values }) =>
    columns.flatMap((column) => {
      const value = values[column];
      const list = Array.isArray(value) ? value : value === undefined ? [] : [value];
      return list.map((name) => ({ name: String(name), column, line }));
    }),
  );
}
