import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import { contracts, demoPlantNode, type Disruption } from '../../src/contracts/index.ts';
import { startDemoPlant, type DemoPlant, type DemoPlantNews } from '../../src/demo/index.ts';
import { compileCheck, isoInstant, MillwrightError } from '../../src/kernel/index.ts';
import type { StoreService } from '../mw-store/mw-store.ts';
import { adminRoute, deployedService } from '../shared/admin.ts';
import { registerNode, type NodeService } from '../shared/wrapper.ts';

interface DemoPlantService extends NodeService {
  readonly plant: Promise<DemoPlant>;
}

const checkDisruption = compileCheck(contracts['mw.disruption.v1']);

export default function (RED: NodeAPI): void {
  registerNode(RED, {
    definition: demoPlantNode,
    create: async ({ use, config, emit, status, text, logger, signal, fail }): Promise<DemoPlantService> => {
      const { store, hostDemo } = await use<StoreService>(config.store, 'store');

      function onNews(news: DemoPlantNews): void {
        if (news.kind === 'history') {
          const percent = String(Math.floor((100 * news.doneDays) / news.totalDays));
          status('working', text('status.history', { percent }));
        } else if (news.kind === 'running') status('ok', text('status.running', { speed: String(news.speed) }));
        else if (news.kind === 'failed') fail(news.error);
        else {
          const { equipmentId, state, start, reason } = news.event;
          const payload = { equipmentId, state, start: isoInstant(start), ...(reason ? { reasonCode: reason } : {}) };
          emit(0, payload, { type: 'mw.state.v1', subject: equipmentId });
        }
      }
      const plant = startDemoPlant({
        store,
        port: config.port,
        mqttPort: config.mqttPort,
        folder: join(RED.settings.userDir ?? process.cwd(), 'millwright/demo-plant'),
        seed: config.seed,
        days: config.days,
        speed: Number(config.speed),
        logger,
        onNews,
        signal,
      }).then((started) => {
        hostDemo(started.clock);
        return started;
      });
      plant.catch((thrown: unknown) => {
        if (!signal.aborted) fail(thrown);
      });
      return {
        plant,
        async handle(message) {
          await (await plant).disrupt(message.payload as Disruption);
        },
        async close() {
          hostDemo(undefined);
          const started = await plant.catch(() => undefined);
          await started?.close();
        },
      };
    },
  });
  adminRoute(RED, 'post', '/millwright/demo-plant/:id', 'mw.demo.write', async ({ params, body }) => {
    const { plant } = await deployedService<DemoPlantService>(RED, 'mw-demo-plant', params.id);
    const problem = checkDisruption(body);
    if (problem) throw new MillwrightError('MW_PAYLOAD_INVALID', { contract: 'mw.disruption.v1', ...problem });
    return (await plant).disrupt(body as Disruption);
  });
}
