import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClientSession } from 'node-opcua-client';
import {
  AttributeIds,
  DataTypeExtractStrategy,
  getExtraDataTypeManager,
  MessageSecurityMode,
  OPCUAClient,
  SecurityPolicy,
} from 'node-opcua-client';
import type { Disruption } from '../../src/contracts/index.ts';
import { startDemoPlant, type DemoPlant, type DemoPlantNews } from '../../src/demo/index.ts';
import { MillwrightError } from '../../src/kernel/index.ts';
import { openStore, type Store } from '../../src/store/index.ts';

const minute = 60_000;
const hour = 60 * minute;
/** Tuesday 2026-11-24, 09:17 in Berlin. */
const begin = Date.UTC(2026, 10, 24, 8, 17, 0);
const actor = { id: 'test' };

describe('live demo plant', () => {
  let folder: string;
  let store: Store;
  let plant: DemoPlant;
  let session: ClientSession;
  let client: OPCUAClient;
  let wallMs = begin;
  const clock = { now: () => wallMs };
  const news: DemoPlantNews[] = [];

  const start = (speed: number) =>
    startDemoPlant({
      store,
      port: 0,
      folder: join(folder, 'server'),
      seed: 1,
      days: 1,
      speed,
      clock,
      onNews: (item) => news.push(item),
    });
  const connect = async () => {
    client = OPCUAClient.create({
      endpointMustExist: false,
      securityMode: MessageSecurityMode.None,
      securityPolicy: SecurityPolicy.None,
      connectionStrategy: { maxRetry: 1 },
    });
    await client.connect(plant.endpointUrl);
    session = await client.createSession();
    await getExtraDataTypeManager(session, DataTypeExtractStrategy.Lazy);
  };
  const read = async (equipmentId: string, signal: string) => {
    const tag = plant.tags.find(({ tag }) => tag.endsWith(`/${equipmentId}/${signal}`))!;
    const value = await session.read({ nodeId: tag.nodeId, attributeId: AttributeIds.Value });
    return { value: value.value.value as string | number, sourceMs: value.sourceTimestamp?.getTime() };
  };
  const disrupt = (kind: Disruption['kind'], subject: string, more: Partial<Disruption> = {}) =>
    plant.disrupt({ kind, subject, ...more });
  /** Lets wall-clock time pass, and gives the plant's timer and desk the moment they need. */
  const pass = async (ms: number) => {
    wallMs += ms;
    await new Promise((resolve) => setTimeout(resolve, 1_200));
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mw-live-'));
    store = await openStore({ file: join(folder, 'demo.sqlite'), clock });
    plant = await start(1);
    await connect();
  });
  after(async () => {
    await client.disconnect();
    await plant.close();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('fills an empty store, then runs in step with the wall clock', async () => {
    assert.ok(news.some(({ kind }) => kind === 'history'));
    assert.equal(news.at(-1)?.kind, 'running');
    assert.equal(plant.clock.now(), begin);
    assert.match(plant.endpointUrl, /^opc\.tcp:\/\/127\.0\.0\.1:\d+$/);
    const stored = await store.currentStates();
    assert.equal(stored.length, 16);
    for (const { equipmentId, state, start } of stored) {
      const shown = await read(equipmentId, 'State');
      if (shown.value === state) assert.equal(shown.sourceMs, start, equipmentId);
    }
  });

  it('counts parts in tags and writes job starts, ends and progress to the store', async () => {
    await pass(3 * hour);
    assert.equal(plant.clock.now(), begin + 3 * hour);
    let good = 0;
    for (const { equipmentId } of await store.currentStates()) good += Number((await read(equipmentId, 'Good')).value);
    assert.ok(good > 100, String(good));
    const after = await store.loadPlantState(wallMs);
    const [jobs] = await store.query(
      'SELECT sum(started_ms > ?1) AS started, sum(ended_ms > ?1) AS ended FROM kpi_job',
      [begin],
    );
    assert.ok(Number(jobs?.['started']) > 2 && Number(jobs?.['ended']) > 2, JSON.stringify(jobs));
    for (const job of after.jobOrders)
      if (job.dispatchStatus === 'Running') {
        const shown = await read(job.equipmentId!, 'JobOrder');
        assert.equal(shown.value, job.jobOrderId);
      }
    const [vibration, temperature] = [await read('CNC-21', 'Vibration'), await read('CNC-21', 'Temperature')];
    assert.ok(Number(vibration.value) > 0.5 && Number(temperature.value) > 15);
  });

  it('shows a breakdown at once, with its reason, until it is over', async () => {
    await disrupt('machine-down', 'CNC-22', { durationSeconds: 4 * 3600 });
    assert.deepEqual(await read('CNC-22', 'State'), { value: 'Aborted', sourceMs: wallMs });
    assert.equal((await read('CNC-22', 'Reason')).value, 'breakdown');
    await pass(hour);
    assert.equal((await read('CNC-22', 'State')).value, 'Aborted');
    await disrupt('machine-up', 'CNC-22');
    assert.notEqual((await read('CNC-22', 'State')).value, 'Aborted');
    assert.equal((await read('CNC-22', 'State')).sourceMs, wallMs);
  });

  it('takes a breakdown that is to begin later', async () => {
    const startMs = wallMs + 20 * minute;
    await disrupt('machine-down', 'GRIND-23', { start: new Date(startMs).toISOString(), durationSeconds: 7200 });
    assert.notEqual((await read('GRIND-23', 'State')).value, 'Aborted');
    await pass(30 * minute);
    assert.deepEqual(await read('GRIND-23', 'State'), { value: 'Aborted', sourceMs: startMs });
  });

  it('lists job orders by ISA-95 job control as the plan goes on, and resets its counters for a client', async () => {
    type Listed = { jobOrder: { jobOrderID: string }; state: { stateText: { text: string } }[] };
    const { jobOrders } = await store.loadPlantState(wallMs);
    const running = jobOrders.filter(({ dispatchStatus }) => dispatchStatus === 'Running');
    assert.ok(running.length > 0);
    for (const { equipmentId, jobOrderId } of running) {
      const nodeId = `ns=1;s=Machines/${equipmentId!}/MachineryBuildingBlocks/JobManagement-JobOrderControl-JobOrderList`;
      const listed = (await session.read({ nodeId, attributeId: AttributeIds.Value })).value.value as Listed[];
      const states = listed.map(({ jobOrder, state }) => [jobOrder.jobOrderID, state[0]!.stateText.text] as const);
      assert.deepEqual(
        states.filter(([, state]) => state === 'Running'),
        [[jobOrderId, 'Running']],
      );
      assert.ok(listed.length <= 12 && states.some(([, state]) => state !== 'Running'), JSON.stringify(states));
    }
    const busy = running[0]!.equipmentId!;
    const machine = plant.tags.find(({ equipmentId }) => equipmentId === busy)!.nodeId.replace(/\/[^/]*$/, '');
    await session.call({ objectId: machine, methodId: `${machine}/ResetCounter`, inputArguments: [] });
    await pass(1_000);
    assert.ok(Number((await read(busy, 'Good')).value) < 3);
  });

  it('brings orders, late material, holds and absences into the store', async () => {
    const rush = await disrupt('rush-order', 'PH-100', { durationSeconds: 36 * 3600 });
    const more = await disrupt('demand-change', 'IM-50');
    const state = await store.loadPlantState(wallMs);
    const order = state.workRequests.find(({ workRequestId }) => workRequestId === rush.workRequestIds[0]);
    assert.equal(order?.priority, 1);
    assert.equal(order.dueAt, wallMs + 36 * hour);
    assert.equal(state.jobOrders.filter((job) => job.workRequestId === order.workRequestId).length, 5);
    assert.equal(more.workRequestIds.length, 2);
    const half = await disrupt('demand-change', order.workRequestId);
    assert.equal(half.workRequestIds.length, 1);

    const lot = state.lots.find(({ materialId }) => materialId === 'CAST-100')!;
    await disrupt('material-late', lot.lotId, { durationSeconds: 86_400 });
    const late = (await store.loadPlantState(wallMs)).lots.find(({ lotId }) => lotId === lot.lotId);
    assert.equal(late?.availableAt, Math.max(wallMs, lot.availableAt) + 24 * hour);

    await disrupt('operator-absent', 'OP-03', { durationSeconds: 7200 });
    const { absences } = await store.loadPlantState(wallMs);
    assert.ok(absences.some(({ personId, start, end }) => personId === 'OP-03' && end - start === 2 * hour));

    await disrupt('quality-hold', 'TEST-43', { durationSeconds: 1800 });
    assert.equal((await read('TEST-43', 'Reason')).value, 'quality-hold');
  });

  it('refuses a subject that it does not have, for every kind', async () => {
    const kinds: Disruption['kind'][] = [
      ...(['machine-down', 'machine-up', 'rush-order', 'material-late', 'operator-absent'] as const),
      ...(['quality-hold', 'demand-change'] as const),
    ];
    for (const kind of kinds)
      await assert.rejects(
        disrupt(kind, 'NOBODY'),
        (error: unknown) => error instanceof MillwrightError && error.code === 'MW_DISRUPTION_UNKNOWN',
        kind,
      );
  });

  it('follows the plan that is published', async () => {
    const live = (await store.livePlan())!;
    const state = await store.loadPlantState(wallMs);
    const waiting = new Set(
      state.jobOrders.filter((job) => job.dispatchStatus === 'Waiting').map((job) => job.jobOrderId),
    );
    const kept = live.entries.filter((entry) => !waiting.has(entry.jobOrderId));
    await store.saveSchedule({ ...live, scheduleId: 'EMPTY', status: 'draft', entries: kept }, actor);
    await store.publishSchedule('EMPTY', undefined, actor);
    await pass(5_000);
    await pass(5 * hour);
    const after = await store.loadPlantState(wallMs);
    const started = after.jobOrders.filter((job) => waiting.has(job.jobOrderId) && job.startedAt !== undefined);
    assert.deepEqual(started, [], 'a plan without the waiting jobs starts none of them');
    await store.publishSchedule(live.scheduleId, undefined, actor);
    await pass(5_000);
    await pass(2 * hour);
    const again = await store.loadPlantState(wallMs);
    assert.ok(again.jobOrders.some((job) => waiting.has(job.jobOrderId) && job.startedAt !== undefined));
  });

  it('gets new orders and a plan of its office when the Early shift begins', async () => {
    const before = await store.livePlan();
    const highest = Math.max(
      ...(await store.loadPlantState(wallMs)).workRequests.map((r) => Number(r.workRequestId.slice(3))),
    );
    await pass(Date.UTC(2026, 10, 25, 5, 1) - wallMs);
    const after = await store.livePlan();
    assert.notEqual(after?.scheduleId, before?.scheduleId);
    assert.equal(after?.from, Date.UTC(2026, 10, 25, 5));
    const { workRequests } = await store.loadPlantState(wallMs);
    assert.ok(workRequests.filter((r) => Number(r.workRequestId.slice(3)) > highest).length >= 5);
  });

  it('goes on without a hole after it stood still, faster where it is told to', async () => {
    await client.disconnect();
    await plant.close();
    wallMs += 6 * hour;
    plant = await start(60);
    await connect();
    assert.equal(plant.clock.now(), wallMs);
    const [row] = await store.query(
      'SELECT count(*) AS n, sum(good) AS good FROM kpi_count WHERE end_ms > ? AND end_ms <= ?',
      [wallMs - 5 * hour, wallMs],
    );
    assert.ok(Number(row?.['good']) > 100);
    await pass(minute);
    assert.equal(plant.clock.now(), wallMs + 59 * minute);
    assert.ok(
      !news.some(({ kind }) => kind === 'failed'),
      JSON.stringify(news.filter(({ kind }) => kind === 'failed')),
    );
  });

  it('does not write into the store of another plant', async () => {
    const other = await openStore({ file: join(folder, 'other.sqlite'), clock });
    const model = (await store.loadPlantModel())!;
    await other.savePlantModel({ ...model, site: 'southfield' }, actor);
    await assert.rejects(
      startDemoPlant({ store: other, port: 0, folder: join(folder, 'server'), seed: 1, days: 1, speed: 1, clock }),
      (error: unknown) => error instanceof MillwrightError && error.code === 'MW_DEMO_STORE_TAKEN',
    );
    await other.close();
  });
});
