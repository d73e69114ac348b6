import type { NodeAPI } from 'node-red';
import { Type, type Static } from 'typebox';
import { compileCheck, MillwrightError, toMillwrightError } from '../../src/kernel/index.ts';
import { readOwnCatalogue } from '../../src/language/index.ts';
import { adminRoute } from '../shared/admin.ts';

/** What the dialog is told of a plant's KPI catalogue: what is wrong with it, or nothing. */
interface CatalogueAnswer {
  problem?: { code: string; params: Record<string, unknown> };
}

const Written = Type.Object({ text: Type.String({ maxLength: 200_000 }) }, { additionalProperties: false });
const checkWritten = compileCheck(Written);

/** Route of the dialog: checks a plant's changes of the KPI catalogue as the nodes do that answer questions (`mw.site.write`). */
export function addCatalogueRoute(RED: NodeAPI): void {
  adminRoute(RED, 'post', '/millwright/site/catalogue', 'mw.site.write', ({ body }): Promise<CatalogueAnswer> => {
    const fault = checkWritten(body);
    if (fault) throw new MillwrightError('MW_PAYLOAD_INVALID', { contract: 'catalogue', ...fault });
    try {
      readOwnCatalogue((body as Static<typeof Written>).text);
      return Promise.resolve({});
    } catch (thrown) {
      const { code, params } = toMillwrightError(thrown);
      return Promise.resolve({ problem: { code, params } });
    }
  });
}
