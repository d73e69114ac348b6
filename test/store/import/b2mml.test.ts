import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { planImport, type ImportBase, type ImportFile, type ImportPlan } from '../../../src/store/index.ts';
import { model } from '../plant.ts';
import { empty, full } from './base.ts';

/** A document of B2MML 7 as a transaction brings it. */
const sync = (noun: string, content: string) => `<?xml version="1.0" encoding="UTF-8"?>
<b2:Sync${noun} xmlns:b2="http://www.mesa.org/xml/B2MML" releaseID="7.0">
  <b2:ApplicationArea><b2:CreationDateTime>2026-11-24T08:00:00Z</b2:CreationDateTime></b2:ApplicationArea>
  <b2:DataArea>
    <b2:Sync><b2:ActionCriteria><b2:ActionExpression actionCode="Change"/></b2:ActionCriteria></b2:Sync>
    <b2:${noun}>${content.replaceAll(/<(\/?)(?=[A-Z])/g, '<$1b2:')}
    </b2:${noun}>
  </b2:DataArea>
</b2:Sync${noun}>`;
const quantity = (text: string, unit: string) =>
  `<Quantity><QuantityString>${text}</QuantityString><DataType>float</DataType><UnitOfMeasure>${unit}</UnitOfMeasure></Quantity>`;
const property = (kind: string, id: string, value: string) =>
  `<${kind}><ID>${id}</ID><Value><ValueString>${value}</ValueString><DataType>string</DataType></Value></${kind}>`;

const equipment = sync(
  'EquipmentInformation',
  `
  <EquipmentClass><ID>lathe</ID><EquipmentClassProperty><ID>x</ID></EquipmentClassProperty></EquipmentClass>
  <Equipment><ID>LINE-9</ID><Description>Line 9 &amp; more &#x2014; <![CDATA[<new>]]></Description>
    <HierarchyScope><EquipmentID>WORKS</EquipmentID><EquipmentElementLevel>Site</EquipmentElementLevel>
      <HierarchyScope><EquipmentID>MACHINING</EquipmentID><EquipmentElementLevel>Area</EquipmentElementLevel></HierarchyScope>
    </HierarchyScope>
    <EquipmentLevel>WorkCenter</EquipmentLevel>
    <Equipment><ID>LATHE-91</ID><EquipmentLevel>WorkCell</EquipmentLevel><EquipmentClassID>lathe</EquipmentClassID></Equipment>
    <Equipment><ID>LATHE-92</ID><EquipmentLevel>WorkUnit</EquipmentLevel>${property('EquipmentProperty', 'Batch Capacity', '4')}
      <EquipmentClassID>lathe</EquipmentClassID></Equipment>
    <Equipment><ID>RACK</ID><EquipmentLevel>StorageZone</EquipmentLevel></Equipment>
  </Equipment>`,
);
const persons = sync(
  'PersonnelInformation',
  `<Person><ID>OP-01</ID><PersonnelClassID>turning</PersonnelClassID><PersonnelClassID>grinding</PersonnelClassID></Person>
  <Person><ID>OP-77</ID><PersonName>Never Read</PersonName>${property('PersonProperty', 'shift_id', 'early')}</Person>`,
);
const materials = sync(
  'MaterialInformation',
  `<MaterialDefinition><ID>SH-21</ID><Description>Long shaft</Description>${property('MaterialDefinitionProperty', 'setup_family', 'shaft')}</MaterialDefinition>
  <MaterialDefinition><ID>BAR</ID><Description>Steel bar</Description></MaterialDefinition>
  <MaterialLot><ID>L-77</ID><MaterialDefinitionID>BAR</MaterialDefinitionID>
    ${property('MaterialLotProperty', 'available_at', '2026-11-25T06:00:00+01:00')}
    <StorageLocation>GATE</StorageLocation>${quantity('0.4E1', 'm')}</MaterialLot>`,
);
const master = (version: string, seconds = '12') =>
  sync(
    'WorkDefinitionInformation',
    `<WorkMaster><ID>WM-SH-21</ID><Version>${version}</Version><Description>Long shaft</Description>
    <MaterialSpecification><MaterialDefinitionID>SH-21</MaterialDefinitionID><MaterialUse>Material Produced</MaterialUse>${quantity('10', 'pcs')}</MaterialSpecification>
    <WorkflowSpecification><ID>W</ID></WorkflowSpecification>
    <WorkMaster><ID>turn</ID><Description>Turn</Description><Duration>PT10M</Duration>
      <PersonnelSpecification><PersonnelClassID>turning</PersonnelClassID>${quantity('1', '')}</PersonnelSpecification>
      <EquipmentSpecification><EquipmentClassID>lathe</EquipmentClassID></EquipmentSpecification>
      <PhysicalAssetSpecification><PhysicalAssetID>CHUCK</PhysicalAssetID></PhysicalAssetSpecification>
      <MaterialSpecification><MaterialDefinitionID>BAR</MaterialDefinitionID><MaterialUse>Consumed</MaterialUse>${quantity('5', 'm')}</MaterialSpecification>
    </WorkMaster>
    <WorkMaster><ID>wash</ID>
      <EquipmentSpecification><EquipmentID>WASH-24</EquipmentID>${quantity(seconds, 'min')}
        ${property('EquipmentSpecificationProperty', 'seconds_per_batch', '900')}</EquipmentSpecification>
    </WorkMaster>
  </WorkMaster>`,
  );
const schedule = sync(
  'WorkSchedule',
  `<ID>S-1</ID><StartTime>2026-11-24T00:00:00Z</StartTime>
  <WorkRequest><ID>WO-B1</ID><StartTime>2026-11-24T06:00:00Z</StartTime><EndTime>2026-12-01T14:00:00</EndTime><Priority>1</Priority>
    <JobOrder><ID>J1</ID><WorkMasterID>WM-SH-21</WorkMasterID>
      <MaterialRequirement><MaterialDefinitionID>SH-21</MaterialDefinitionID><MaterialUse>Produced</MaterialUse>${quantity('25', 'pcs')}</MaterialRequirement>
    </JobOrder><RequestState>Released</RequestState></WorkRequest>
  <WorkRequest><ID>WO-B0</ID><RequestState>Completed</RequestState></WorkRequest>`,
);
const calendar = sync(
  'WorkCalendarInformation',
  `<WorkCalendarDefinition><ID>C</ID>
    <WorkCalendarDefinitionEntry><ID>late</ID><Description>Late</Description><StartRule>14:00</StartRule>
      <RecurrenceTime>FREQ=WEEKLY;BYDAY=MO,TU,FR</RecurrenceTime><DurationRule>PT8H</DurationRule></WorkCalendarDefinitionEntry>
    <WorkCalendarDefinitionEntry><ID>odd</ID><StartRule>first Monday</StartRule></WorkCalendarDefinitionEntry>
  </WorkCalendarDefinition>
  <WorkCalendar><ID>C</ID><WorkCalendarEntry><ID>x</ID><StartDateTime>2026-12-24T00:00:00</StartDateTime>
    <FinishDateTime>2026-12-26T00:00:00</FinishDateTime><EntryType>Holiday</EntryType></WorkCalendarEntry></WorkCalendar>`,
);
const all: ImportFile[] = [equipment, persons, materials, master('1'), schedule, calendar].map((text, i) => ({
  text,
  name: `${i}.xml`,
}));
const counts = ({ summaries }: ImportPlan) =>
  summaries.map(({ table, rows, added, changed, unchanged, ended }) =>
    [table, rows, added, changed, unchanged, ended].join(' '),
  );
const faultsOf = async (text: string, base: ImportBase = full) =>
  (await planImport(base, [{ text, name: 'f.xml' }])).faults.map(({ file, table, line, column, kind, found }) =>
    [file, table, line, column, kind, found].filter((part) => part !== undefined).join(' '),
  );
/** The store after an import. */
const after = (plan: ImportPlan, base: ImportBase = full): ImportBase => ({
  ...base,
  model: plan.model,
  lots: [...base.lots, ...plan.lots],
  workRequests: [...base.workRequests, ...plan.workRequests],
  jobOrders: [...base.jobOrders, ...plan.jobOrders],
});

describe('import of B2MML', () => {
  it('adds equipment, people, materials, lots, routings, orders and calendar to what is there', async () => {
    const plan = await planImport(full, all);
    assert.deepEqual(plan.faults, []);
    assert.deepEqual(counts(plan).sort(), [
      'equipment 3 3 0 0 0',
      'holidays 2 1 0 1 0',
      'materials 2 1 1 0 0',
      'operation_equipment 3 3 0 0 0',
      'operation_materials 1 1 0 0 0',
      'operations 2 2 0 0 0',
      'orders 1 1 0 0 0',
      'persons 2 1 1 0 0',
      'shifts 1 1 0 0 0',
      'stock 1 1 0 0 0',
    ]);
    const read = plan.model!;
    assert.deepEqual(read.equipment.slice(0, model.equipment.length), model.equipment);
    assert.deepEqual(read.equipment.slice(model.equipment.length), [
      { equipmentId: 'LINE-9', level: 'ProductionLine', parentId: 'MACHINING', name: 'Line 9 & more — <new>' },
      { equipmentId: 'LATHE-91', level: 'WorkUnit', parentId: 'LINE-9', equipmentClassId: 'lathe', name: 'LATHE-91' },
      {
        ...{ equipmentId: 'LATHE-92', level: 'WorkUnit', parentId: 'LINE-9', equipmentClassId: 'lathe' },
        ...{ name: 'LATHE-92', batchCapacity: 4 },
      },
    ]);
    assert.deepEqual(read.persons, [
      model.persons[0],
      { personId: 'OP-01', qualificationIds: ['turning', 'grinding'], mostHoursPerDay: 10, mostHoursPerWeek: 38.5 },
      { personId: 'OP-77', qualificationIds: [], shiftId: 'early' },
    ]);
    assert.deepEqual(read.materials.slice(2), [
      { materialId: 'BAR', name: 'Steel bar', unit: 'm' },
      { materialId: 'SH-21', name: 'Long shaft', unit: 'pcs', setupFamily: 'shaft' },
    ]);
    assert.deepEqual(plan.lots, [
      {
        ...{ lotId: 'L-77', materialId: 'BAR', quantity: 4, unit: 'm', locationId: 'GATE' },
        availableAt: Date.UTC(2026, 10, 25, 5),
        promisedAt: Date.UTC(2026, 10, 25, 5),
      },
    ]);
    assert.deepEqual(read.workMasters[0], model.workMasters[0]);
    assert.deepEqual(read.workMasters[1], {
      workMasterId: 'WM-SH-21',
      version: '1',
      materialId: 'SH-21',
      segments: [
        {
          ...{ segmentId: 'turn', sequence: 10, name: 'Turn', predecessors: [], interruptible: false },
          equipment: [
            { equipmentId: 'LATHE-91', secondsPerUnit: 60 },
            { equipmentId: 'LATHE-92', secondsPerUnit: 60 },
          ],
          materials: [{ materialId: 'BAR', quantityPerUnit: 0.5 }],
          qualificationId: 'turning',
          toolIds: ['CHUCK'],
        },
        {
          ...{ segmentId: 'wash', sequence: 20, name: 'wash', predecessors: ['turn'], interruptible: false },
          equipment: [{ equipmentId: 'WASH-24', secondsPerUnit: 72, secondsPerBatch: 900 }],
          materials: [],
        },
      ],
    });
    assert.deepEqual(plan.workRequests, [
      {
        ...{ workRequestId: 'WO-B1', customer: '', materialId: 'SH-21', quantity: 25, priority: 1 },
        ...{ releasedAt: Date.UTC(2026, 10, 24, 6), dueAt: Date.UTC(2026, 11, 1, 13), requestState: 'Released' },
      },
    ]);
    assert.deepEqual(
      plan.jobOrders.map(({ jobOrderId }) => jobOrderId),
      ['WO-B1/10', 'WO-B1/20'],
    );
    assert.deepEqual(read.calendar.shifts.at(-1), {
      ...{ shiftId: 'late', name: 'Late', start: '14:00', end: '22:00', weekdays: [1, 2, 5] },
    });
    assert.deepEqual(read.calendar.holidays, [...model.calendar.holidays, '2026-12-24']);
    assert.deepEqual(
      plan.hints.map(({ file, kind, found }) => `${file!} ${kind} ${found!}`),
      [
        '0.xml element-skipped EquipmentClass',
        '0.xml element-skipped Equipment StorageZone',
        '3.xml element-skipped WorkflowSpecification',
        '4.xml state-skipped WorkRequest Completed',
        '5.xml element-skipped WorkCalendarDefinitionEntry',
      ],
    );
  });

  it('changes nothing the second time', async () => {
    const first = await planImport(full, all);
    const again = await planImport(after(first), all);
    assert.deepEqual(again.faults, []);
    for (const { table, added, changed, ended } of again.summaries)
      assert.deepEqual([table, added, changed, ended], [table, 0, 0, 0]);
    assert.deepEqual(again.model, first.model);
    assert.deepEqual(again.jobOrders, first.jobOrders);
  });

  it('puts a new revision beside the old, also where the older one arrives later', async () => {
    const first = await planImport(full, all);
    const running = after(first);
    const second = await planImport(running, [{ text: master('2', '24') }]);
    const versions = ({ model: read }: ImportPlan) =>
      read?.workMasters.map(
        (each) => `${each.workMasterId} ${each.version} ${each.segments.at(-1)!.equipment[0]!.secondsPerUnit}`,
      );
    assert.deepEqual(versions(second), ['WM-SH-20 2 1', 'WM-SH-21 1 72', 'WM-SH-21 2 144']);
    const late = await planImport({ ...after(second, running), jobOrders: [] }, [{ text: master('1', '6') }]);
    assert.deepEqual(versions(late), ['WM-SH-20 2 1', 'WM-SH-21 1 36', 'WM-SH-21 2 144']);
    assert.deepEqual(
      late.hints.filter(({ table }) => table).map(({ kind }) => kind),
      ['older-revision'],
    );
    const order = await planImport(after(late), [{ text: schedule.replaceAll('WO-B1', 'WO-B2') }]);
    assert.ok(order.jobOrders.every(({ workMasterVersion }) => workMasterVersion === '2'));
  });

  it('reads operations definitions with dependencies and their times', async () => {
    const part = (id: string, inside: string) =>
      `<OperationsSegment><ID>${id}</ID><Duration>PT30S</Duration><EquipmentSpecification><EquipmentID>CNC-21</EquipmentID></EquipmentSpecification>${inside}</OperationsSegment>`;
    const after = (id: string, dependency: string, time = '') =>
      `<SegmentDependency><ID>d</ID><Dependency>${dependency}</Dependency>${time}<SegmentID>${id}</SegmentID></SegmentDependency>`;
    const factor = (value: string, unit: string) =>
      `<TimingFactor><ValueString>${value}</ValueString><UnitOfMeasure>${unit}</UnitOfMeasure></TimingFactor>`;
    const text = sync(
      'OperationsDefinitionInformation',
      `<OperationsDefinition><ID>OD</ID><Version>A</Version>
       ${part('a', '')}${part('b', after('a', 'NoEarlierAfterEnd', factor('2', 'min')))}
       ${part('c', after('a', 'AfterEnd') + after('b', 'NoLaterAfterEnd', factor('PT1H', '')) + after('a', 'NotFollow'))}
       <MaterialSpecification><MaterialDefinitionID>PH-100</MaterialDefinitionID><MaterialUse>Produced</MaterialUse></MaterialSpecification>
       </OperationsDefinition>`,
    );
    const { model: read, faults, hints } = await planImport(full, [{ text }]);
    assert.deepEqual(faults, []);
    assert.deepEqual(
      read?.workMasters.at(-1)?.segments.map(({ segmentId, predecessors, lags }) => [segmentId, predecessors, lags]),
      [
        ['a', [], undefined],
        ['b', ['a'], [{ predecessor: 'a', minSeconds: 120 }]],
        ['c', ['a', 'b'], [{ predecessor: 'b', maxSeconds: 3600 }]],
      ],
    );
    assert.deepEqual(
      hints.map(({ found }) => found),
      ['SegmentDependency NotFollow'],
    );
  });

  it('names what is wrong by its line, and then takes nothing', async () => {
    const broken = sync(
      'MaterialInformation',
      `\n<MaterialDefinition/>\n<MaterialLot><ID>L</ID>\n<MaterialDefinitionID>X</MaterialDefinitionID></MaterialLot>`,
    );
    assert.deepEqual(await faultsOf(broken), [
      'f.xml materials 7 material_id required',
      'f.xml stock 8 quantity required',
    ]);
    const unmade = master('1')
      .replaceAll('SH-21', 'SH-20')
      .replace('<b2:EquipmentClassID>lathe<', '<b2:EquipmentClassID>robot<');
    assert.deepEqual(await faultsOf(unmade), ['operations 9 no-machine WM-SH-20 / 1 / turn']);
    assert.deepEqual(await faultsOf('<a>\n<b></a>'), [
      `f.xml 2 not-xml Expected closing tag 'b' (opened in line 2, col 1) instead of closing tag 'a'.`,
    ]);
    assert.match((await faultsOf('<Equipment')).join(), /^f\.xml 1 not-xml /);
    assert.deepEqual(await faultsOf('<note><to>you</to></note>'), ['f.xml 1 not-a-definition note']);
    assert.deepEqual(await faultsOf('<GetEquipment><DataArea/></GetEquipment>'), [
      'f.xml 1 not-a-definition GetEquipment',
    ]);
    assert.deepEqual(await faultsOf(equipment.replace('"Change"', '"Delete"')), ['f.xml 5 deletion']);
  });

  it('never expands entities, fetches anything or fills the memory', async () => {
    const bomb = `<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>\n<Equipment><ID>&b;</ID></Equipment>`;
    const external = `<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd">\n<Equipment/>`;
    const file = `<!doctype a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Equipment><ID>&x;</ID></Equipment>`;
    assert.deepEqual(await faultsOf(bomb), ['f.xml 2 document-type']);
    assert.deepEqual(await faultsOf(external), ['f.xml 1 document-type']);
    assert.deepEqual(await faultsOf(file), ['f.xml 1 document-type']);
    const { model: read } = await planImport(full, [
      { text: equipment.replace('Line 9 &amp; more', '&copy;&b;&#x110000;&#0;') },
    ]);
    assert.equal(
      read?.equipment.find(({ equipmentId }) => equipmentId === 'LINE-9')?.name,
      '&copy;&b;&#x110000;&#0; — <new>',
    );
    const start = performance.now();
    assert.deepEqual(await faultsOf(`<a>${'<a/>'.repeat(1_000_000)}</a>`), ['f.xml 1 too-large']);
    assert.match((await faultsOf('<a>'.repeat(5_000) + '</a>'.repeat(5_000))).join(), /^f\.xml 1 not-xml /);
    assert.match((await faultsOf('<'.repeat(100_000))).join(), /not-xml/);
    assert.match((await faultsOf(`<a ${'x="1" '.repeat(50_000)}`)).join(), /not-xml/);
    assert.ok(performance.now() - start < 10_000);
  });

  it('takes names like those of JavaScript objects as nothing special, or not at all', async () => {
    const named = (name: string) =>
      sync('MaterialInformation', `<MaterialDefinition><ID>${name}</ID></MaterialDefinition>`);
    const { model: read } = await planImport(full, [{ text: named('__proto__') }]);
    assert.equal(read?.materials.at(-1)?.materialId, '__proto__');
    for (const name of ['__proto__', 'constructor', 'prototype'])
      assert.match((await faultsOf(`<S>\n<${name}><ID>x</ID></${name}></S>`)).join(), / (not-xml|not-a-definition) /);
    assert.equal(({} as Record<string, unknown>)['ID'], undefined);
  });

  it('stands beside CSV in one import, and a new store takes its site', async () => {
    const plant = 'enterprise,site,time_zone,transport_seconds\nTest,Works,UTC,0\n';
    const plan = await planImport(empty, [{ text: materials }, { table: 'plant', text: plant }]);
    assert.deepEqual([plan.faults, plan.model?.calendar.timeZone], [[], 'UTC']);
  });
});
