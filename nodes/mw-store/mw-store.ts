import type { NodeAPI } from 'node-red';
import { storeNode } from '../../src/contracts/index.ts';
import { systemClock, type Clock } from '../../src/kernel/index.ts';
import { openQuestions, openStore, type MappingSource, type Questions, type Store } from '../../src/store/index.ts';
import type { SiteService } from '../mw-site/mw-site.ts';
import { registerNode, type NodeService } from '../shared/wrapper.ts';
import { throughOutage } from '../shared/store-outage.ts';
import { localise } from '../shared/text.ts';
import { addImportRoutes } from './import-routes.ts';
import { addMappingRoute } from './mapping-route.ts';
import { storeOptions, viewsSource } from './store-options.ts';

/** What other nodes get from their store. */
export interface StoreService extends NodeService {
  readonly store: Store;
  /** What questions are asked of: the store itself, or the views over a plant's existing tables. */
  readonly questions: Pick<Questions, 'query' | 'dialect'>;
  /** The database that holds those views. */
  readonly views: MappingSource;
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
  addMappingRoute(RED);
  registerNode(RED, {
    definition: storeNode,
    create: async ({ use, config, credentials, signal, status, node, text }): Promise<StoreService> => {
      const site = await use<SiteService>(config.site, 'site');
      const userDir = RED.settings.userDir ?? process.cwd();
      let demoClock: Clock | undefined;
      const clock: Clock = { now: () => (demoClock ?? systemClock).now() };
      const options = storeOptions(config, credentials, userDir);
      const elsewhere = viewsSource(config, credentials, userDir);
      let told = false;
      const store = await throughOutage(
        () => openStore({ ...options, clock }),
        signal,
        (error) => {
          status('connecting', text('status.away'));
          if (!told) node.warn(localise(RED, error).message);
          told = true;
        },
      );
      status('ok', text(`form.engineOptions.${config.engine}`));
      const asked = elsewhere && openQuestions(elsewhere);
      const { file, postgres } = options;
      return {
        store,
        questions: asked ?? store,
        views: elsewhere ?? (postgres ? { postgres } : { file }),
        site,
        clock,
        get demo() {
          return demoClock !== undefined;
        },
        hostDemo(given) {
          demoClock = given;
        },
        close: async () => {
          await asked?.close();
          await store.close();
        },
      };
    },
  });
}
