import type { NodeAPI } from 'node-red';
import { Type, type Static } from 'typebox';
import { oneOf } from '../../src/contracts/index.ts';
import { compileCheck, MillwrightError } from '../../src/kernel/index.ts';
import {
  exportTable,
  planImport,
  tableNames,
  tableSizes,
  type Actor,
  type ImportBase,
  type ImportFault,
  type TableSummary,
} from '../../src/store/index.ts';
import { adminRoute, deployedService } from '../shared/admin.ts';
import type { StoreService } from './mw-store.ts';

/** What the dialog is told of an import: what it would do or did, or what is wrong. */
export interface ImportAnswer {
  summaries: TableSummary[];
  faults: ImportFault[];
  /** Whether it is in the store now. */
  imported: boolean;
}

const Tables = Type.Object(
  {
    files: Type.Array(
      Type.Object(
        { table: oneOf(...tableNames), text: Type.String({ maxLength: 20_000_000 }) },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: tableNames.length },
    ),
    /** Import it, not only look. */
    commit: Type.Boolean(),
  },
  { additionalProperties: false },
);
const checkTables = compileCheck(Tables);

/**
 * Routes of the dialog: the tables, one as CSV (`mw.store.read`), and the preview or import of tables (`mw.store.write`). An
 * import is read anew from what is in the store at that moment; it is refused for a store that a demo plant lives in.
 */
export function addImportRoutes(RED: NodeAPI): void {
  const path = '/millwright/store/:id';
  const service = (id: string | undefined) => deployedService<StoreService>(RED, 'mw-store', id);
  adminRoute(RED, 'get', `${path}/tables`, 'mw.store.read', async ({ params }) => {
    return { tables: tableSizes(await baseOf(await service(params.id))) };
  });
  adminRoute(RED, 'get', `${path}/table/:table`, 'mw.store.read', async ({ params }) => {
    const table = tableNames.find((name) => name === params.table);
    if (!table) throw new MillwrightError('MW_RECORD_UNKNOWN', { kind: 'table', id: params.table ?? '' });
    return { csv: exportTable(await baseOf(await service(params.id)), table) };
  });
  adminRoute(RED, 'post', `${path}/import`, 'mw.store.write', async ({ params, body, user }): Promise<ImportAnswer> => {
    const problem = checkTables(body);
    if (problem) throw new MillwrightError('MW_PAYLOAD_INVALID', { contract: 'import', ...problem });
    const { files, commit } = body as Static<typeof Tables>;
    const plant = await service(params.id);
    if (plant.demo) throw new MillwrightError('MW_STORE_DEMO', {});
    const names = files.map(({ table }) => table);
    const repeated = names.find((table, i) => names.indexOf(table) < i);
    if (repeated) throw new MillwrightError('MW_IMPORT_TABLE_TWICE', { table: repeated });
    const base = await baseOf(plant);
    const { summaries, faults, model, ...orders } = planImport(base, files);
    if (!commit || !model) return { summaries, faults, imported: false };
    const id = user?.username;
    const actor: Actor = { id: id ?? 'editor', role: 'editor', authenticated: id !== undefined };
    await plant.store.importPlant(model, orders, names, actor);
    return { summaries, faults, imported: true };
  });
}

async function baseOf({ store, site, clock }: StoreService): Promise<ImportBase> {
  const now = clock.now();
  const [model, state] = await Promise.all([store.loadPlantModel(), store.loadPlantState(now)]);
  const { enterprise, calendar } = site;
  return {
    model,
    workRequests: state.workRequests,
    jobOrders: state.jobOrders,
    lots: state.lots,
    site: { enterprise, site: site.site, calendar },
    now,
  };
}
