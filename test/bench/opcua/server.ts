import { join } from 'node:path';
import {
  DataType,
  DataValue,
  MonitoredItemNotification,
  OPCUACertificateManager,
  OPCUAServer,
  RegisterServerMethod,
  StatusCodes,
  Variant,
  type MonitoredItem,
  type ServerSession,
  Subscription,
  VariantArrayType,
  type UAVariable,
} from 'node-opcua';

/** What the server process is told to serve. */
export interface ServerTask {
  tags: number;
  /** Changes a second of each tag. */
  rate: number;
  /**
   * `written`: each value is written into the address space; `replayed`: the counters are made when they are
   * published, which costs far less and lets the server give 100,000 values a second.
   */
  values: 'written' | 'replayed';
  folder: string;
}

/** What the server process answers. */
export interface ServerReady {
  endpointUrl: string;
  folderId: string;
}

/** Writes of one period are spread over this many turns. */
const turns = 10;

process.once('message', (task: ServerTask) => {
  serve(task).then(
    (ready) => process.send!(ready),
    (thrown: unknown) => {
      process.stderr.write(`${String(thrown)}\n`);
      process.exit(1);
    },
  );
});
process.once('disconnect', () => process.exit(0));

async function serve({ tags, rate, values, folder }: ServerTask): Promise<ServerReady> {
  const certificates = new OPCUACertificateManager({
    rootFolder: join(folder, 'pki'),
    automaticallyAcceptUnknownCertificate: true,
    disableFileWatchers: true,
  });
  const server = new OPCUAServer({
    host: '127.0.0.1',
    hostname: '127.0.0.1',
    port: 0,
    registerServerMethod: RegisterServerMethod.HIDDEN,
    serverCertificateManager: certificates,
    serverCapabilities: { minSupportedSampleRate: 0 },
    isAuditing: false,
  });
  await server.initialize();
  const namespace = server.engine.addressSpace!.getOwnNamespace();
  const top = namespace.addFolder(server.engine.addressSpace!.rootFolder.objects, {
    browseName: 'Bench',
    nodeId: `ns=${namespace.index};s=Bench`,
  });
  const variables: UAVariable[] = [];
  for (let tag = 0; tag < tags; tag++) {
    const variable = namespace.addVariable({
      componentOf: top,
      nodeId: `ns=${namespace.index};s=T${tag}`,
      browseName: `T${tag}`,
      dataType: 'UInt32',
      minimumSamplingInterval: 0,
    });
    variable.setValueFromSource({ dataType: DataType.UInt32, value: 0 });
    variables.push(variable);
  }
  if (values === 'written') write(variables, rate);
  else
    server.on('create_session', (session: ServerSession) => {
      session.on('new_subscription', (subscription: Subscription) => {
        subscription.on('monitoredItem', (item: MonitoredItem) => replay(item, rate));
      });
    });
  // Most servers send what is there in one message; the library splits it by thousands.
  if (values === 'replayed') Subscription.maxNotificationPerPublishHighLimit = 100_000;
  await server.start();
  return { endpointUrl: `opc.tcp://127.0.0.1:${server.endpoints[0]!.port}`, folderId: top.nodeId.toString() };
}

/** Counts all variables up, evenly over each period; a late turn is made up for. */
function write(variables: readonly UAVariable[], rate: number): void {
  const turnMs = 1000 / rate / turns;
  const begun = performance.now();
  let done = 0;
  setInterval(() => {
    for (; done < Math.floor((performance.now() - begun) / turnMs); done++) {
      const value = Math.floor(done / turns) + 1;
      for (let at = done % turns; at < variables.length; at += turns)
        variables[at]!.setValueFromSource({ dataType: DataType.UInt32, value }, StatusCodes.Good);
    }
  }, turnMs);
}

/** Gives an item a counter of its own in place of the values of its node. */
function replay(item: MonitoredItem, rate: number): void {
  const begun = Date.now();
  const periodMs = 1000 / rate;
  const take = item.extractMonitoredItemNotifications.bind(item);
  let count = 0;
  const due = () => Math.floor((Date.now() - begun) / periodMs);
  Object.defineProperty(item, 'hasMonitoredItemNotifications', { get: () => item.queue.length > 0 || due() > count });
  item.extractMonitoredItemNotifications = () => {
    const list = take();
    for (const end = due(); count < end;) {
      count++;
      const notification = new MonitoredItemNotification(null);
      notification.clientHandle = item.clientHandle;
      notification.value = counterValue(count, begun + count * periodMs);
      list.push(notification);
    }
    return list;
  };
}

function counterValue(count: number, ms: number): DataValue {
  const variant = new Variant(null);
  variant.dataType = DataType.UInt32;
  variant.arrayType = VariantArrayType.Scalar;
  variant.value = count;
  const value = new DataValue(null);
  value.value = variant;
  value.statusCode = StatusCodes.Good;
  value.sourceTimestamp = value.serverTimestamp = new Date(ms);
  value.sourcePicoseconds = value.serverPicoseconds = 0;
  return value;
}
