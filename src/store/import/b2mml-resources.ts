import { children, childText, childTexts, cellsWith, quantityOf, type B2mmlDocument } from './b2mml-elements.ts';
import type { XmlElement } from './xml.ts';

/** Levels of IEC 62264-1 by ours; a storage zone or a module is not planned and left out. */
const levels: Readonly<Record<string, string>> = {
  Enterprise: 'Enterprise',
  Site: 'Site',
  Area: 'Area',
  ProductionLine: 'ProductionLine',
  ProcessCell: 'ProductionLine',
  ProductionUnit: 'ProductionLine',
  WorkCenter: 'ProductionLine',
  WorkUnit: 'WorkUnit',
  WorkCell: 'WorkUnit',
  Unit: 'WorkUnit',
};

/** Equipment and, nested or by their hierarchy scope, what belongs to it. */
export function readEquipment(element: XmlElement, document: B2mmlDocument, parent = ''): void {
  const id = childText(element, 'ID');
  const level = levelOf(element);
  const known = levels[level];
  if (level !== '' && known === undefined) document.skip(element, 'element-skipped', `Equipment ${level}`);
  else
    document.add(
      'equipment',
      element.line,
      cellsWith('equipment', element, {
        equipment_id: id,
        level: known ?? '',
        parent_id: parent || scopeOf(element, id),
        equipment_class_id: childText(element, 'EquipmentClassID'),
        name: childText(element, 'Description'),
      }),
    );
  for (const child of children(element, 'Equipment', 'EquipmentChild')) readEquipment(child, document, id);
}

/** The level stands in the element, or one deeper as in a hierarchy scope. */
function levelOf(element: XmlElement): string {
  const [level] = children(element, 'EquipmentLevel');
  return level ? level.text || childText(level, 'EquipmentLevel', 'EquipmentElementLevel') : '';
}

/** The innermost equipment of a hierarchy scope that is not the element itself. */
function scopeOf(element: XmlElement, own: string): string {
  const [scope] = children(element, 'HierarchyScope');
  if (!scope) return '';
  const id = childText(scope, 'EquipmentID');
  return scopeOf(scope, own) || (id === own ? '' : id);
}

/** A person: number and qualifications (personnel classes). Names are never read. */
export function readPerson(element: XmlElement, document: B2mmlDocument): void {
  const cells = cellsWith('persons', element, {
    person_id: childText(element, 'ID'),
    qualification_ids: childTexts(element, 'PersonnelClassID'),
  });
  document.add('persons', element.line, cells);
}

/** A material definition; its setup family is a property. */
export function readMaterial(element: XmlElement, document: B2mmlDocument): void {
  const cells = cellsWith('materials', element, {
    material_id: childText(element, 'ID'),
    name: childText(element, 'Description'),
  });
  document.add('materials', element.line, cells);
}

/** A material lot as stock; when it arrives is the property `available_at`. */
export function readLot(element: XmlElement, document: B2mmlDocument): void {
  const quantity = quantityOf(element);
  const [place] = children(element, 'StorageLocation', 'Location');
  const cells = cellsWith('stock', element, {
    lot_id: childText(element, 'ID'),
    material_id: childText(element, 'MaterialDefinitionID'),
    quantity: quantity?.text ?? '',
    unit: quantity?.unit ?? '',
    location_id: place ? place.text || childText(place, 'EquipmentID', 'OperationalLocationID', 'ID') : '',
  });
  document.add('stock', element.line, cells);
}
