import assert from 'node:assert/strict';
import { checkCalendar, machinesBelow } from '../../src/plant/index.ts';
import { demoTags, northfieldModel } from '../../src/demo/index.ts';

describe('Northfield', () => {
  const model = northfieldModel();
  const machines = machinesBelow(model.equipment, 'northfield').map((machine) => machine.equipmentId);

  it('has the lines, machines and people that the description names', () => {
    const below = (name: string) => {
      const line = model.equipment.find((e) => e.level === 'ProductionLine' && e.name === name);
      return machinesBelow(model.equipment, line?.equipmentId ?? '').map((machine) => machine.equipmentId);
    };
    assert.deepEqual(below('Line 1'), ['SAW-11', 'CNC-12', 'CNC-13', 'WASH-14']);
    assert.deepEqual(below('Line 2'), ['CNC-21', 'CNC-22', 'GRIND-23', 'WASH-24']);
    assert.deepEqual(below('Line 3'), ['CNC-31', 'CNC-32', 'MILL-33', 'DEBURR-34']);
    assert.deepEqual(below('Line 4'), ['PRESS-41', 'ASM-42', 'TEST-43', 'PACK-44']);
    assert.equal(machines.length, 16);
    const ids = model.persons.map((person) => person.personId);
    assert.equal(ids.length, 24);
    assert.deepEqual([ids[0], ids[23]], ['OP-01', 'OP-24']);
    for (const { shiftId } of model.calendar.shifts)
      assert.equal(model.persons.filter((person) => person.shiftId === shiftId).length, 8);
    checkCalendar(model.calendar);
  });

  it('has routings of 4 to 7 operations on known machines, with people for each in every shift', () => {
    const products = ['PH-100', 'PH-200', 'IM-50', 'IM-80', 'SH-20', 'BR-10', 'P-1', 'P-2'];
    assert.deepEqual(model.workMasters.map((master) => master.materialId).sort(), products.sort());
    const materials = new Set(model.materials.map((material) => material.materialId));
    const classes = new Set(model.equipment.map((e) => e.equipmentClassId));
    for (const { segments } of model.workMasters) {
      assert.ok(segments.length >= 4 && segments.length <= 7);
      for (const segment of segments) {
        for (const { equipmentId, secondsPerUnit } of segment.equipment) {
          assert.ok(machines.includes(equipmentId), equipmentId);
          assert.ok(secondsPerUnit > 0);
        }
        for (const { materialId } of segment.materials) assert.ok(materials.has(materialId), materialId);
        const { qualificationId } = segment;
        if (qualificationId === undefined) continue;
        for (const { shiftId } of model.calendar.shifts)
          assert.ok(
            model.persons.some((p) => p.shiftId === shiftId && p.qualificationIds.includes(qualificationId)),
            `${qualificationId} in ${shiftId}`,
          );
      }
    }
    assert.ok(model.workMasters.some(({ segments }) => segments.some((segment) => segment.equipment.length > 2)));
    for (const { equipmentClassId } of model.setupMatrices) assert.ok(classes.has(equipmentClassId));
    assert.equal(model.setupMatrices.length, classes.size - 1, 'one per class, undefined aside');
  });

  it('makes pumps of parts that it makes itself', () => {
    const taken = (materialId: string) =>
      model.workMasters
        .find((master) => master.materialId === materialId)!
        .segments.flatMap((segment) => segment.materials.map((material) => material.materialId));
    for (const part of ['PH-100', 'IM-50', 'SH-20']) assert.ok(taken('P-1').includes(part));
    for (const part of ['PH-200', 'IM-80', 'SH-20']) assert.ok(taken('P-2').includes(part));
  });

  it('has about 200 tags named line/machine/signal, each with one address of its own', () => {
    const tags = demoTags();
    assert.ok(tags.length >= 180 && tags.length <= 220, String(tags.length));
    assert.equal(new Set(tags.map(({ tag }) => tag)).size, tags.length);
    assert.equal(new Set(tags.map(({ nodeId }) => nodeId)).size, tags.length);
    const vibration = tags.find(({ tag }) => tag === 'line-2/CNC-22/Vibration');
    assert.equal(vibration?.nodeId, 'ns=1;s=Northfield/Line 2/CNC-22/Vibration');
    for (const { tag, equipmentId } of tags) {
      assert.match(tag, /^line-[1-4]\/[A-Z]+-\d\d\/[A-Za-z]+$/);
      assert.ok(machines.includes(equipmentId));
    }
  });
});
