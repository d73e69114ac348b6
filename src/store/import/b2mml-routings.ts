import {
  children,
  childText,
  childTexts,
  cellsWith,
  durationSeconds,
  isProduced,
  quantityOf,
  secondsIn,
  type B2mmlDocument,
} from './b2mml-elements.ts';
import type { XmlElement } from './xml.ts';

/** What an operation is part of, and for how many parts its times and materials are meant. */
interface Routing {
  workMasterId: string;
  version: string;
  materialId: string;
  lotSize: number;
}

const segmentNames = ['WorkMaster', 'OperationsSegment', 'ProcessSegment'];
const materialNames = ['MaterialSpecification', 'MaterialSegmentSpecification'];
const equipmentNames = ['EquipmentSpecification', 'EquipmentSegmentSpecification'];
const personnelNames = ['PersonnelSpecification', 'PersonnelSegmentSpecification'];
const assetNames = ['PhysicalAssetSpecification', 'PhysicalAssetSegmentSpecification'];
const left = ['WorkflowSpecification'];

/**
 * A work master or operations definition, or a process segment that makes a material, as a routing. Its operations are the
 * segments within, one after the other unless dependencies say otherwise; without any it is its own operation.
 * Quantities and times are meant for the quantity of the material that it makes.
 */
export function readRouting(element: XmlElement, document: B2mmlDocument): void {
  const nested = children(element, ...segmentNames);
  const segments = nested.length > 0 ? nested : [element];
  const produced = [element, ...segments.toReversed()]
    .flatMap((each) => children(each, ...materialNames))
    .find(isProduced);
  if (!produced && element.name === 'ProcessSegment') {
    document.skip(element, 'element-skipped', 'ProcessSegment');
    return;
  }
  const lotSize = Number(produced && quantityOf(produced)?.text.replace(',', '.'));
  const routing: Routing = {
    workMasterId: childText(element, 'ID'),
    version: childText(element, 'Version') || '1',
    materialId: produced ? childText(produced, 'MaterialDefinitionID') : '',
    lotSize: lotSize > 0 ? lotSize : 1,
  };
  const isOrdered = segments.some((segment) => children(segment, 'SegmentDependency').length > 0);
  segments.forEach((segment, i) => {
    const before = isOrdered || i === 0 ? [] : [childText(segments[i - 1]!, 'ID')];
    readSegment(segment, i, before, routing, document);
  });
  for (const each of [element, ...nested]) for (const skipped of children(each, ...left)) document.skip(skipped);
}

function readSegment(
  segment: XmlElement,
  place: number,
  before: readonly string[],
  { workMasterId, version, materialId, lotSize }: Routing,
  document: B2mmlDocument,
): void {
  const { line } = segment;
  const segmentId = childText(segment, 'ID');
  const key = { work_master_id: workMasterId, version, segment_id: segmentId };
  const dependencies = children(segment, 'SegmentDependency').flatMap((each) => dependencyOf(each, document));
  const assets = children(segment, ...assetNames);
  document.add(
    'operations',
    line,
    cellsWith('operations', segment, {
      ...key,
      material_id: materialId,
      sequence: String((place + 1) * 10),
      name: childText(segment, 'Description'),
      predecessors: [...new Set([...before, ...dependencies.map(({ predecessor }) => predecessor)])],
      qualification_id:
        children(segment, ...personnelNames).map((each) => childText(each, 'PersonnelClassID'))[0] ?? '',
      tool_ids: assets.flatMap((each) => childTexts(each, 'PhysicalAssetID', 'PhysicalAssetClassID')),
    }),
  );
  const whole = durationSeconds(childText(segment, 'Duration'));
  for (const specification of children(segment, ...equipmentNames)) {
    const quantity = quantityOf(specification);
    const seconds = (quantity && secondsIn(quantity)) ?? whole;
    for (const equipment_id of machinesOf(specification, document))
      document.add(
        'operation_equipment',
        specification.line,
        cellsWith('operation_equipment', specification, {
          ...key,
          equipment_id,
          seconds_per_unit: seconds === undefined ? '' : String(seconds / lotSize),
        }),
      );
  }
  for (const specification of children(segment, ...materialNames)) {
    if (!/consum/i.test(childText(specification, 'MaterialUse'))) continue;
    const quantity = quantityOf(specification);
    document.add(
      'operation_materials',
      specification.line,
      cellsWith('operation_materials', specification, {
        ...key,
        material_id: childText(specification, 'MaterialDefinitionID'),
        quantity_per_unit: quantity ? String(Number(quantity.text.replace(',', '.')) / lotSize) : '',
      }),
    );
  }
  for (const { predecessor, lag, line: at } of dependencies)
    if (lag)
      document.add('operation_lags', at, new Map(Object.entries({ ...key, predecessor_id: predecessor, ...lag })));
}

interface Dependency {
  predecessor: string;
  line: number;
  lag?: Record<string, string>;
}

/** `AfterEnd`, and `NoEarlierAfterEnd` or `NoLaterAfterEnd` with their times; other dependencies are left out. */
function dependencyOf(element: XmlElement, { skip }: B2mmlDocument): Dependency[] {
  const kind = childText(element, 'Dependency');
  const [factor] = children(element, 'TimingFactor');
  const unit = (factor && childText(factor, 'UnitOfMeasure')) || childText(element, 'UnitOfMeasure');
  const text = factor ? childText(factor, 'ValueString') : '';
  const seconds = durationSeconds(text) ?? secondsIn({ text, unit });
  const bound = { NoEarlierAfterEnd: 'min_seconds', NoLaterAfterEnd: 'max_seconds' }[kind];
  if (kind !== 'AfterEnd' && (bound === undefined || seconds === undefined)) {
    skip(element, 'element-skipped', `SegmentDependency ${kind}`);
    return [];
  }
  const lag = seconds === undefined ? undefined : { [bound ?? 'min_seconds']: String(seconds) };
  const { line } = element;
  return childTexts(element, 'SegmentID', 'ProcessSegmentID', 'OperationsSegmentID').map((predecessor) => ({
    predecessor,
    line,
    ...(lag ? { lag } : {}),
  }));
}

/** The machines named, or all of a class. */
function machinesOf(specification: XmlElement, { known, tables }: B2mmlDocument): string[] {
  const named = childTexts(specification, 'EquipmentID');
  if (named.length > 0) return named;
  const classes = childTexts(specification, 'EquipmentClassID');
  const read = (tables.get('equipment') ?? []).map(({ cells }) => Object.fromEntries(cells));
  const stored = (known.equipment ?? []).map(({ values }) => values);
  return [
    ...new Set(
      [...stored, ...read]
        .filter((each) => classes.includes(String(each['equipment_class_id'])))
        .map((each) => String(each['equipment_id'])),
    ),
  ];
}
