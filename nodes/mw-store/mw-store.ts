import { isAbsolute, join } from 'node:path';
import type { NodeAPI } from 'node-red';
import { storeNode } from '../../src/contracts/index.ts';
import { systemClock, type Clock } from '../../src/kernel/index.ts';
import { openStore, type Store } from '../../src/store/index.ts';
import type { SiteService } from '../mw-site/mw-site.ts';
import { registerNode, type NodeService } from '../shared/wrapper.ts';
import { addImportRoutes } from './import-routes.ts';

/** What other nodes get from their store. */
export interface StoreService extends NodeService {
  readonly store: Store;
  readonly site: SiteService;
  /** The plant's clock: the machine's own, unless a demo plant runs faster. */
  readonly clock: Clock;
  /** Whether a demo plant lives in this store. */
  readonly demo: boolean;
  /** A demo plant hands in its clock, and takes it back when it ends. */
  hostDemo: (this: void, clock: Clock | undefined) => void;
}

export default function (RED: NodeAPI): void {
  addImportRoutes(RED);
  registerNode(RED, {
    definition: storeNode,
    create: async ({ use, config, credentials }): Promise<StoreService> => {
      const site = await use<SiteService>(config.site, 'site');
      const userDir = RED.settings.userDir ?? process.cwd();
      let demoClock: Clock | undefined;
      const clock: Clock = { now: () => (demoClock ?? systemClock).now() };
      const store = await openStore({
        file: isAbsolute(config.file) ? config.file : join(userDir, config.file),
        clock,
        retentionDays: config.retentionDays,
        ...(credentials.auditKey ? { auditKey: credentials.auditKey } : {}),
      });
      return {
        store,
        site,
        clock,
        get demo() {
          return demoClock !== undefined;
        },
        hostDemo(given) {
          demoClock = given;
        },
        close: () => store.close(),
      };
    },
  });
}
