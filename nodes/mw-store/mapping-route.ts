import type { NodeAPI } from 'node-red';
import { checkMapping, type MappingReport } from '../../src/store/index.ts';
import { adminRoute, deployedService } from '../shared/admin.ts';
import type { StoreService } from './mw-store.ts';

/** Route of the dialog: the views that questions are asked of beside what they need (`mw.store.read`). */
export function addMappingRoute(RED: NodeAPI): void {
  const path = '/millwright/store/:id/mapping';
  adminRoute(RED, 'get', path, 'mw.store.read', async ({ params }): Promise<MappingReport> => {
    const { store, views } = await deployedService<StoreService>(RED, 'mw-store', params.id);
    const model = await store.loadPlantModel();
    const machines = model?.equipment.filter(({ level }) => level === 'WorkUnit') ?? [];
    return checkMapping(
      views,
      machines.map(({ equipmentId }) => equipmentId),
    );
  });
}
