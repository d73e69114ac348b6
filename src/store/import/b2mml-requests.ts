import { children, childText, cellsWith, isProduced, quantityOf, type B2mmlDocument } from './b2mml-elements.ts';
import type { XmlElement } from './xml.ts';

const over = ['Cancelled', 'Completed', 'Aborted', 'Closed'];

/**
 * A work request (or operations request, or a job order that stands alone) as an order: so many of the material that
 * its job orders make, by its end time. One that is over is left out.
 */
export function readRequest(element: XmlElement, document: B2mmlDocument): void {
  const state = childText(element, 'RequestState', 'DispatchStatus');
  if (over.includes(state)) {
    document.skip(element, 'state-skipped', `${element.name} ${state}`);
    return;
  }
  const parts = [element, ...children(element, 'JobOrder', 'SegmentRequirement').toReversed()];
  const produced = parts.flatMap((each) => children(each, 'MaterialRequirement')).find(isProduced);
  const cells = cellsWith('orders', element, {
    work_request_id: childText(element, 'ID'),
    material_id: (produced && childText(produced, 'MaterialDefinitionID')) || materialOf(parts, document),
    quantity: (produced && quantityOf(produced)?.text) ?? '',
    released_at: childText(element, 'StartTime'),
    due_at: childText(element, 'EndTime') || (parts[1] ? childText(parts[1], 'EndTime', 'LatestEndTime') : ''),
    priority: childText(element, 'Priority'),
  });
  document.add('orders', element.line, cells);
}

/** What the routing makes that is named. */
function materialOf(parts: readonly XmlElement[], { known, tables }: B2mmlDocument): string {
  const id = parts.map((each) => childText(each, 'WorkMasterID', 'OperationsDefinitionID')).find((each) => each !== '');
  const read = (tables.get('operations') ?? []).map(({ cells }) => Object.fromEntries(cells));
  const operation = [...read, ...(known.operations ?? []).map(({ values }) => values)].find(
    (each) => each['work_master_id'] === id,
  );
  return typeof operation?.['material_id'] === 'string' ? operation['material_id'] : '';
}
