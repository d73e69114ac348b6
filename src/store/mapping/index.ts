import { checkView, type ViewReport } from './check.ts';
import { expectedViews } from './expected.ts';
import { openSource, type MappedEngine, type MappingSource } from './sources.ts';

export type { MappingFinding, ViewReport } from './check.ts';
export type { MappingSource } from './sources.ts';

/** A database's views beside what questions need. */
export interface MappingReport {
  engine: MappedEngine;
  /** The file, or the server's address without secrets. */
  address: string;
  views: ViewReport[];
}

/**
 * Compares the views of a database with what questions need, at most two thousand rows of each looked at: what is
 * missing, of the wrong type or unit, and which rows break a rule, with the statements that would mend it.
 * Rejects with `MW_PACKAGE_MISSING`, `MW_STORE_SERVER`, `MW_STORE_LOST`, or as SQLite's files do.
 * @param machines ids of the plant's machines, which the rows must name
 */
export async function checkMapping(source: MappingSource, machines: readonly string[]): Promise<MappingReport> {
  const open = await openSource(source);
  const { engine, address } = open;
  try {
    const known = new Set(machines);
    const views: ViewReport[] = [];
    for (const expected of expectedViews)
      views.push(checkView(expected, await open.view(expected.view), known, engine));
    return { engine, address, views };
  } finally {
    await open.close();
  }
}
