import assert from 'node:assert/strict';
import { join } from 'node:path';
import {
  nodesets,
  OPCUACertificateManager,
  OPCUAServer,
  RegisterServerMethod,
  type UAObject,
  type UAObjectType,
  type UAVariable,
} from 'node-opcua';
import {
  discoverMachines,
  openOpcuaConnection,
  openProfileInterpreter,
  profileTags,
  startOpcuaServer,
  type ChosenMachine,
  type OpcuaConnection,
  type ProfilePayload,
} from '../../src/connect/index.ts';
import { contracts, type State } from '../../src/contracts/index.ts';
import { servedPlant } from '../../src/demo/served-plant.ts';
import { compileCheck } from '../../src/kernel/index.ts';
import { temporaryFolder, until, Witness } from '../support/opcua.ts';

const demo = 'nsu=urn:Millwright:opcua;s=';

async function online(endpointUrl: string, folder: string): Promise<OpcuaConnection> {
  const connection = openOpcuaConnection({ endpointUrl, security: 'none', login: 'anonymous', folder });
  await until('online', () => connection.state.state === 'online');
  return connection;
}

/** A server with the companion nodesets in another order and machines laid out in other ways. */
async function startOtherServer(folder: string): Promise<OPCUAServer> {
  const certificates = (name: string) =>
    new OPCUACertificateManager({
      rootFolder: join(folder, name),
      automaticallyAcceptUnknownCertificate: true,
      disableFileWatchers: true,
    });
  const server = new OPCUAServer({
    host: '127.0.0.1',
    hostname: '127.0.0.1',
    port: 0,
    nodeset_filename: [
      nodesets.standard,
      nodesets.isa95JobControl,
      nodesets.packML,
      nodesets.di,
      nodesets.ia,
      nodesets.machinery,
    ],
    serverCertificateManager: certificates('pki'),
    userCertificateManager: certificates('user-pki'),
    registerServerMethod: RegisterServerMethod.HIDDEN,
    isAuditing: false,
  });
  await server.initialize();
  const addressSpace = server.engine.addressSpace!;
  const own = addressSpace.registerNamespace('urn:other:plant');
  const type = (uri: string, name: string): UAObjectType =>
    addressSpace.findObjectType(name, addressSpace.getNamespaceIndex(`http://opcfoundation.org/UA/${uri}/`))!;
  const { objects } = addressSpace.rootFolder;
  const hall = own.addFolder(objects, { browseName: 'Hall', nodeId: 's=Hall' });
  const packer = own.addObject({ organizedBy: hall, browseName: 'Packer', nodeId: 's=Packer' });
  own.addObject({ organizedBy: hall, browseName: 'Not a machine', nodeId: 's=Nothing' });
  const parts: [UAObjectType, string, UAObject][] = [
    [type('Machinery', 'MachineIdentificationType'), 'Identification', packer],
    [type('Machinery', 'MachineryItemState_StateMachineType'), 'MachineryItemState', packer],
  ];
  for (const [partType, browseName, parent] of parts) {
    const part = partType.instantiate({ namespace: own, browseName, nodeId: `ns=${own.index};s=Packer.${browseName}` });
    parent.addReference({ referenceType: 'HasComponent', nodeId: part });
  }
  type('PackML', 'PackMLBaseObjectType').instantiate({
    namespace: own,
    browseName: 'Filler',
    nodeId: `ns=${own.index};s=Filler`,
    organizedBy: hall,
  });
  type('ISA95-JOBCONTROL_V2', 'ISA95JobOrderReceiverObjectType').instantiate({
    namespace: own,
    browseName: 'Jobs',
    nodeId: `ns=${own.index};s=Cell.Jobs`,
    componentOf: own.addObject({ organizedBy: hall, browseName: 'Cell', nodeId: 's=Cell' }),
  });
  const serial = addressSpace.findNode(`ns=${own.index};s=Packer.Identification`) as UAObject;
  (serial.getPropertyByName('SerialNumber') as UAVariable).setValueFromSource({ dataType: 'String', value: '4711' });
  await server.start();
  return server;
}

describe('machine profiles', () => {
  const folder = temporaryFolder('profiles');
  after(() => folder.remove());

  it("finds the demo plant's machines and turns their values into the contracts", async () => {
    const server = await startOpcuaServer({
      host: '127.0.0.1',
      port: 0,
      folder: join(folder.path, 'server'),
      ...servedPlant(),
    });
    const connection = await online(server.endpointUrl, join(folder.path, 'client'));
    try {
      const { machines, complete } = await discoverMachines(connection);
      assert.ok(complete);
      assert.equal(machines.length, 16);
      const found = machines.find(({ name }) => name === 'CNC-12')!;
      const { signals, profiles, ...plate } = found;
      assert.deepEqual(plate, {
        nodeId: `${demo}Machines/CNC-12`,
        name: 'CNC-12',
        manufacturer: 'Brandt Machine Tools',
        model: 'CNC 400',
        serialNumber: 'MW-12-2021',
      });
      assert.deepEqual([...profiles].sort(), ['job-control', 'machinery', 'packml']);
      assert.equal(signals.length, 9);

      const chosen: ChosenMachine[] = [{ nodeId: found.nodeId, name: 'line-1/cell-7', profiles, signals }];
      const tags = profileTags(chosen);
      assert.equal(tags.length, 9);
      assert.equal(profileTags([{ ...chosen[0]!, profiles: ['job-control'] }]).length, 1);
      const interpret = openProfileInterpreter(chosen);
      const payloads: ProfilePayload[] = [];
      const machine = 'ns=1;s=Northfield/Line 1/CNC-12';
      const at = Date.UTC(2026, 10, 24, 8);
      const show = (second: number, values: Record<string, string | number>) => {
        const sourceMs = at + second * 1000;
        server.setValues(
          Object.entries(values).map(([name, value]) => ({ nodeId: `${machine}/${name}`, value, sourceMs })),
        );
      };
      show(0, { Good: 10, Scrap: 1, Rework: 0, State: 'Idle' });
      server.setJobs(
        'CNC-12',
        [{ jobOrderId: 'WO-1/10', state: 'Running', materialId: 'PH-100', quantity: 20, priority: 2 }],
        at,
      );
      const witness = new Witness();
      const subscription = connection.subscribe(
        { tags, publishingMs: 50, holdSeconds: 10 },
        {
          onSamples: (samples) => payloads.push(...interpret(samples)),
          onGap: witness.onGap,
          onTagError: witness.onTagError,
        },
      );
      const last = (type: ProfilePayload['type']) =>
        payloads.filter((payload) => payload.type === type).at(-1)?.payload;
      await until('state and order', () => [last('mw.state.v1'), last('mw.order.v1')].every(Boolean));
      const equipmentId = 'line-1/cell-7';
      assert.deepEqual(last('mw.state.v1'), {
        equipmentId,
        state: 'Idle',
        mode: 'Production',
        start: '2026-11-24T08:00:00.000Z',
      });
      assert.deepEqual(last('mw.order.v1'), {
        kind: 'job-order',
        id: 'WO-1/10',
        materialId: 'PH-100',
        quantity: 20,
        priority: 2,
        dispatchStatus: 'Running',
      });
      show(60, { State: 'Execute', Good: 14, Scrap: 2, Rework: 1 });
      await until('count', () => last('mw.count.v1') !== undefined);
      assert.deepEqual(last('mw.count.v1'), {
        equipmentId,
        jobOrderId: 'WO-1/10',
        good: 4,
        scrap: 2,
        rework: 0,
        from: '2026-11-24T08:00:00.000Z',
        to: '2026-11-24T08:01:00.000Z',
      });
      show(120, { State: 'Aborted', Reason: 'breakdown' });
      await until('abort', () => (last('mw.state.v1') as State).state === 'Aborted');
      await subscription.close();
      assert.deepEqual([witness.gaps, [...witness.refused]], [[], []]);
      for (const { type, payload } of payloads)
        assert.equal(compileCheck(contracts[type])(payload), undefined, JSON.stringify(payload));
    } finally {
      await connection.close();
      await server.close();
    }
  });

  it('finds machines in another layout, with other indices and without the optional nodes', async () => {
    const server = await startOtherServer(join(folder.path, 'other'));
    const connection = await online(`opc.tcp://127.0.0.1:${server.endpoints[0]!.port}`, join(folder.path, 'client'));
    try {
      const { machines } = await discoverMachines(connection);
      const other = 'nsu=urn:other:plant;s=';
      const seen = machines.map(({ nodeId, name, profiles, serialNumber, signals }) => ({
        nodeId,
        name,
        profiles,
        ...(serialNumber === undefined ? {} : { serialNumber }),
        signals: signals.map(({ signal }) => signal).sort(),
      }));
      assert.deepEqual(
        seen.sort((a, b) => a.name.localeCompare(b.name)),
        [
          { nodeId: `${other}Cell`, name: 'Cell', profiles: ['job-control'], signals: ['JobOrders'] },
          {
            nodeId: `${other}Filler`,
            name: 'Filler',
            profiles: ['packml'],
            signals: ['BaseState', 'ExecuteState', 'MachineState', 'UnitMode'],
          },
          {
            nodeId: `${other}Packer`,
            name: 'Packer',
            profiles: ['machinery'],
            serialNumber: '4711',
            signals: ['ItemState'],
          },
        ],
      );
      assert.equal(profileTags(machines).length, 6);
      const bounded = await discoverMachines(connection, { most: 5 });
      assert.equal(bounded.complete, false);
    } finally {
      await connection.close();
      await server.shutdown(0);
    }
  });
});
