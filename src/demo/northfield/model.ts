import type { PlantModel } from '../../plant/index.ts';
import { equipmentTree } from './equipment.ts';
import { people, shifts } from './people.ts';
import { materials, workMasters } from './products.ts';
import { setupMatrices } from './setups.ts';

/** The demo plant's master data: Millwright Demo's site Northfield. The same at every call. */
export function northfieldModel(): PlantModel {
  return {
    enterprise: 'millwright-demo',
    site: 'northfield',
    calendar: { timeZone: 'Europe/Berlin', shifts: shifts.map((shift) => ({ ...shift })), holidays: [] },
    equipment: equipmentTree(),
    persons: people(),
    materials: materials(),
    workMasters: workMasters(),
    setupMatrices: setupMatrices(),
    transportSeconds: 900,
  };
}
