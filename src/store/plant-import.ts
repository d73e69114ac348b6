import { digestOf } from '../audit/index.ts';
import { checkCalendar, type PlantModel } from '../plant/index.ts';
import { writeOrders, type Orders } from './orders.ts';
import { writePlantModel } from './plant-model.ts';
import { change, type Session } from './session.ts';
import type { Actor } from './store.ts';

/** Writes master data, orders and stock as one change, as `savePlantModel` and `saveOrders` do. */
export function importPlant(
  session: Session,
  model: PlantModel,
  orders: Orders,
  tables: readonly string[],
  actor: Actor,
): void {
  checkCalendar(model.calendar);
  const data = { tables, model: digestOf(model), orders: digestOf(orders) };
  change(session, actor, { action: 'plant.import', subject: model.site, data }, () => {
    writePlantModel(session, model);
    writeOrders(session, orders);
  });
}
