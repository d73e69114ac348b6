declare module 'node-red-node-test-helper' {
  import type { EventEmitter } from 'node:events';
  interface HelperNode extends EventEmitter {
    receive(message: unknown): void;
    error: { called: boolean };
    status: { args: unknown[][] };
    mwService?: Promise<unknown>;
  }
  const helper: {
    init(runtimePath: string, settings?: object): void;
    settings(settings: object): object;
    startServer(done: (error?: unknown) => void): void;
    stopServer(done: (error?: unknown) => void): void;
    load(nodes: unknown, flow: unknown[], credentials?: object): Promise<void>;
    unload(): Promise<void>;
    getNode(id: string): HelperNode;
    setFlows(flow: unknown[], type?: string): Promise<void>;
    /** A request to the admin interface (supertest). */
    request(): {
      get(path: string): Promise<{ status: number; body: unknown }>;
      post(path: string): { send(body: object): Promise<{ status: number; body: unknown }> };
    };
    log(): { args: unknown[][] };
  };
  export default helper;
}
