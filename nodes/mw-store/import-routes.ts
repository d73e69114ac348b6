import type { NodeAPI } from 'node-red';
import { Type, type Static } from 'typebox';
import { oneOf } from '../../src/contracts/index.ts';
import { compileCheck, MillwrightError } from '../../src/kernel/index.ts';
import {
  exportDocument,
  exportTable,
  planImportApart,
  tableNames,
  tableSizes,
  type Actor,
  type ImportBase,
  type ImportFault,
  type ImportHint,
  type TableSummary,
} from '../../src/store/index.ts';
import { adminRoute, deployedService } from '../shared/admin.ts';
import type { StoreService } from './mw-store.ts';

/** What the dialog is told of an import: what it would do or did, or what is wrong. */
export interface ImportAnswer {
  summaries: TableSummary[];
  faults: ImportFault[];
  /** What is taken as it is, although it may be a mistake. */
  hints: ImportHint[];
  /** Whether it is in the store now. */
  imported: boolean;
}

const Tables = Type.Object(
  {
    files: Type.Array(
      Type.Object(
        {
          /** Whose rows they are, where the file does not say. */
          table: Type.Optional(oneOf(...tableNames)),
          name: Type.Optional(Type.String({ maxLength: 300 })),
          text: Type.String({ maxLength: 20_000_000 }),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 100 },
    ),
    /** Import it, not only look. */
    commit: Type.Boolean(),
  },
  { additionalProperties: false },
);
const checkTables = compileCheck(Tables);

/**
 * Routes of the dialog: the tables, one as CSV, all as JSON (`mw.store.read`), and the preview or import of files (`mw.store.write`). An
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
  adminRoute(RED, 'get', `${path}/document`, 'mw.store.read', async ({ params }) => {
    return { json: exportDocument(await baseOf(await service(params.id))) };
  });
  adminRoute(RED, 'post', `${path}/import`, 'mw.store.write', async ({ params, body, user }): Promise<ImportAnswer> => {
    const problem = checkTables(body);
    if (problem) throw new MillwrightError('MW_PAYLOAD_INVALID', { contract: 'import', ...problem });
    const { files, commit } = body as Static<typeof Tables>;
    const plant = await service(params.id);
    if (plant.demo) throw new MillwrightError('MW_STORE_DEMO', {});
    const { summaries, faults, hints, model, ...orders } = await planImportApart(await baseOf(plant), files);
    if (!commit || !model) return { summaries, faults, hints, imported: false };
    const names = summaries.map(({ table }) => table);
    const id = user?.username;
    const actor: Actor = { id: id ?? 'editor', role: 'editor', authenticated: id !== undefined };
    await plant.store.importPlant(model, orders, names, actor);
    return { summaries, faults, hints, imported: true };
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
