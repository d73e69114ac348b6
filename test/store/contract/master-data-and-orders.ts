import assert from 'node:assert/strict';
import { digestOf } from '../../../src/audit/index.ts';
import { planningInputs } from '../../../src/plant/index.ts';
import { actor, hour, jobOrder, lot, machineDown, minute, model, now, schedule, workRequest } from '../plant.ts';
import type { StoreForTest } from './open-for-test.ts';

export function masterDataAndOrders(open: StoreForTest): void {
  describe('master data', () => {
    const held = open();

    it('gives the model back exactly as it was given', async () => {
      assert.deepEqual(await held.store.loadPlantModel(), model);
    });

    it('takes out what is no longer in the model, keeps its history, and takes it in again', async () => {
      const counts = [{ equipmentId: 'WASH-24', good: 3, scrap: 0, rework: 0, startMs: now - hour, endMs: now }];
      await held.store.appendHistory({ counts }, actor);
      const smaller = {
        ...model,
        equipment: model.equipment.filter((e) => e.equipmentId !== 'WASH-24').reverse(),
        persons: model.persons.slice(1),
        workMasters: [],
        setupMatrices: [],
        tools: model.tools!.slice(1),
        transportTimes: model.transportTimes!.slice(1),
      };
      await held.store.savePlantModel(smaller, actor);
      assert.deepEqual(await held.store.loadPlantModel(), smaller);
      const sum = 'SELECT line_id, sum(good) AS good FROM kpi_count GROUP BY line_id';
      assert.deepEqual(await held.store.query(sum, []), [{ line_id: 'LINE-2', good: 3 }]);
      await held.store.savePlantModel(model, actor);
      assert.deepEqual(await held.store.loadPlantModel(), model);
    });

    it('refuses a model that contradicts itself and keeps the old one', async () => {
      const orphan = {
        ...model,
        equipment: [...model.equipment, { ...model.equipment[4]!, equipmentId: 'X', parentId: 'NO' }],
      };
      await assert.rejects(held.store.savePlantModel(orphan, actor), { code: 'MW_STORE_CONFLICT' });
      const segmentsWith = (change: object) => ({
        ...model,
        workMasters: model.workMasters.map((m) => ({ ...m, segments: m.segments.map((s) => ({ ...s, ...change })) })),
      });
      for (const wrong of [
        segmentsWith({ toolIds: ['NO-TOOL'] }),
        segmentsWith({ lags: [{ predecessor: 'nothing', minSeconds: 1 }] }),
        segmentsWith({ interruptible: true, afterInterruption: 'scrap' }),
        segmentsWith({ lots: { mostLots: 0, leastQuantity: 1 } }),
        { ...model, transportTimes: [{ fromLineId: 'LINE-2', toLineId: 'NO-LINE', seconds: 1 }] },
      ])
        await assert.rejects(held.store.savePlantModel(wrong, actor), { code: 'MW_STORE_CONFLICT' });
      const zone = { ...model, calendar: { ...model.calendar, timeZone: 'Mars/Base' } };
      await assert.rejects(held.store.savePlantModel(zone, actor), { code: 'MW_TIME_ZONE_UNKNOWN' });
      assert.deepEqual(await held.store.loadPlantModel(), model);
      assert.equal((await held.store.verifyAudit()).verified, true);
    });
  });

  describe('orders and state', () => {
    const held = open();
    const requests = [
      workRequest('WO-1'),
      workRequest('WO-2', { materialId: 'PH-100', requestState: 'Running' }),
      workRequest('WO-3', { requestState: 'Completed' }),
      workRequest('WO-4', { requestState: 'Cancelled' }),
    ];
    const done = {
      dispatchStatus: 'Completed',
      equipmentId: 'CNC-22',
      startedAt: now - 9 * hour,
      endedAt: now - 8 * hour,
    } as const;
    const jobs = [
      jobOrder('WO-1', 10),
      jobOrder('WO-1', 20),
      jobOrder('WO-2', 10, {
        dispatchStatus: 'Running',
        equipmentId: 'CNC-22',
        startedAt: now - hour,
        goodQuantity: 7,
      }),
      jobOrder('WO-2', 20, { jobOrderId: 'WO-2/20.1', lot: 1, quantity: 25 }),
      jobOrder('WO-2', 20, { jobOrderId: 'WO-2/20.2', lot: 2, quantity: 15 }),
      jobOrder('WO-3', 10, done),
      jobOrder('WO-3', 20, { ...done, equipmentId: 'WASH-24' }),
    ];
    const lots = [lot('L-1'), lot('L-2', { availableAt: now + 5 * hour }), lot('L-3', { quantity: 0 })];

    it('gives open orders, their operations, stock and setups back', async () => {
      await held.store.saveOrders({ workRequests: requests, jobOrders: jobs, lots }, actor);
      assert.deepEqual(await held.store.loadPlantState(now), {
        at: now,
        workRequests: requests.slice(0, 2),
        jobOrders: jobs.slice(0, 5),
        lots: lots.slice(0, 2),
        setupFamily: { 'CNC-22': 'housing', 'WASH-24': 'shaft' },
        unavailable: [],
        absences: [],
      });
    });

    it('names the record that contradicts master data and writes nothing of the call', async () => {
      const before = await held.store.loadPlantState(now);
      const bad = [workRequest('WO-8'), workRequest('WO-9', { materialId: 'NONE' })];
      await assert.rejects(
        held.store.saveOrders({ workRequests: bad }, actor),
        (error: { code: string; message: string }) => {
          assert.equal(error.code, 'MW_STORE_CONFLICT');
          assert.match(error.message, /WO-9/);
          return true;
        },
      );
      assert.deepEqual(await held.store.loadPlantState(now), before);
    });

    it('knows planned and unplanned absence of machines and people', async () => {
      await held.store.saveUnavailability(
        [
          { equipmentId: 'WASH-24', reason: 'planned-maintenance', start: now + hour, end: now + 2 * hour },
          { personId: 'OP-01', reason: 'holiday', start: now, end: now + 24 * hour },
          { equipmentId: 'CNC-21', reason: 'planned-maintenance', start: now - 2 * hour, end: now - hour },
        ],
        actor,
      );
      await held.store.saveUnavailability(
        [{ equipmentId: 'WASH-24', reason: 'planned-maintenance', start: now + hour, end: now + 3 * hour }],
        actor,
      );
      await held.store.saveEvent(machineDown('E-1'), actor);
      const absent = { kind: 'operator-absent', subject: 'OP-02', start: now - hour } as const;
      await held.store.saveEvent(
        {
          ...absent,
          eventId: 'E-2',
          severity: 1,
          evidence: [],
          expectedEnd: { p50: now + hour, p90: now + hour, basis: 'person' },
        },
        actor,
      );
      const state = await held.store.loadPlantState(now);
      assert.deepEqual(state.unavailable, [
        { equipmentId: 'WASH-24', reason: 'planned-maintenance', start: now + hour, end: now + 3 * hour },
        { equipmentId: 'CNC-22', reason: 'breakdown', start: now - 10 * minute, end: now + hour },
      ]);
      assert.deepEqual(state.absences, [
        { personId: 'OP-01', start: now, end: now + 24 * hour },
        { personId: 'OP-02', start: now - hour, end: now + hour },
      ]);
    });

    it('takes an overdue stop to last beyond now, without a new end each minute', async () => {
      const end = async (at: number) =>
        (await held.store.loadPlantState(at)).unavailable.find((u) => u.equipmentId === 'CNC-22')!.end;
      assert.equal(await end(now + 2 * hour), now + 4 * hour);
      const later = await end(now + 5 * hour + minute);
      assert.ok(later >= now + 5 * hour + 16 * minute && later <= now + 5 * hour + 31 * minute);
      assert.equal(await end(now + 5 * hour + 14 * minute), later);
    });

    it('changes the inputs digest with what an approval depends on, and with nothing else', async () => {
      const { store } = held;
      const digest = async () => {
        const present = await store.inputsDigest(now);
        const live = (await store.livePlan())?.scheduleId;
        assert.equal(present, digestOf(planningInputs(await store.loadPlantState(now), live)));
        return present;
      };
      const seen = new Set<string>();
      const changed = async (what: string) => {
        const present = await digest();
        assert.ok(!seen.has(present), what);
        seen.add(present);
      };
      await changed('first');
      const first = await digest();
      await store.saveOrders({ jobOrders: [{ ...jobs[2]!, goodQuantity: 11 }] }, actor);
      assert.equal(await digest(), first);
      await store.saveOrders({ workRequests: [workRequest('WO-1', { dueAt: now + 30 * hour })] }, actor);
      await changed('due date');
      await store.saveOrders({ workRequests: [workRequest('WO-5')] }, actor);
      await changed('new order');
      await store.saveOrders({ lots: [lot('L-2', { availableAt: now + 9 * hour })] }, actor);
      await changed('late lot');
      await store.correctExpectedEnd('E-1', { p50: now + 2 * hour, p90: now + 3 * hour, basis: 'person' }, actor);
      await changed('corrected end');
      await store.saveSchedule(schedule('LIVE', { status: 'published' }), actor);
      await changed('live plan');
    });
  });

  describe('what an approval depends on', () => {
    const held = open();

    it('stays the same while the plant only goes on as expected', async () => {
      const { store } = held;
      await store.saveOrders({ workRequests: [workRequest('WO-1'), workRequest('WO-2')] }, actor);
      await store.saveOrders(
        { jobOrders: [jobOrder('WO-1', 10)], lots: [lot('L-9', { availableAt: now + hour })] },
        actor,
      );
      const made = await store.inputsDigest(now);
      const later = now + 2 * hour;
      await store.saveOrders({ lots: [lot('L-9', { availableAt: now + hour, quantity: 0 })] }, actor);
      await store.saveOrders(
        {
          workRequests: [workRequest('WO-1', { requestState: 'Completed' })],
          jobOrders: [jobOrder('WO-1', 10, { dispatchStatus: 'Completed', startedAt: now, endedAt: now + hour })],
        },
        actor,
      );
      assert.equal(await store.inputsDigest(later, now), made);
      assert.notEqual(await store.inputsDigest(later), made);
      await store.saveOrders({ workRequests: [workRequest('WO-2', { requestState: 'Cancelled' })] }, actor);
      assert.notEqual(await store.inputsDigest(later, now), made);
    });

    it('changes when a stop lasts longer than expected', async () => {
      const { store } = held;
      await store.saveEvent(machineDown('E-1'), actor);
      const made = await store.inputsDigest(now);
      assert.equal(await store.inputsDigest(now + 59 * minute, now), made);
      assert.notEqual(await store.inputsDigest(now + 61 * minute, now), made);
    });
  });
}
