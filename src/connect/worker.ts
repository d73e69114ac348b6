import { MillwrightError, serveWorker } from '../kernel/index.ts';
import type { ShownBatch } from './opcua/hosted-server.ts';
import type { ServedRequest } from './opcua/served/description.ts';
import { startOpcuaServer, type OpcuaServer, type OpcuaServerOptions } from './opcua/server.ts';

/** Requests of clients that wait to be fetched; more are forgotten. */
const mostRequests = 1_000;

let server: OpcuaServer | undefined;
let requests: ServedRequest[] = [];

serveWorker(() => ({
  start: async (options: OpcuaServerOptions) => {
    server = await startOpcuaServer(options, (request) => {
      if (requests.length < mostRequests) requests.push(request);
    });
    return { endpointUrl: server.endpointUrl, port: server.port };
  },
  show: ({ updates, jobs }: ShownBatch): ServedRequest[] => {
    if (!server) throw new MillwrightError('MW_WORKER_FAILED', { worker: 'opcua-server', reason: 'not started' });
    for (const { machine, list, atMs } of jobs) server.setJobs(machine, list, atMs);
    server.setValues(updates);
    const made = requests;
    requests = [];
    return made;
  },
  close: async () => {
    await server?.close();
    server = undefined;
  },
}));
