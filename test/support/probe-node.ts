import { Type } from 'typebox';
import type { NodeAPI } from 'node-red';
import { defineNode } from '../../src/contracts/index.ts';
import { sleep } from '../../src/kernel/index.ts';
import { registerNode } from '../../nodes/shared/wrapper.ts';

/** What the probe saw, for the tests to look at. */
export const probe = { opened: 0, closed: 0, guarded: 0 };

const probeNode = defineNode({
  type: 'mw-probe',
  kind: 'flow',
  version: 2,
  inputs: 1,
  outputs: 2,
  icon: 'mw-site.svg',
  config: {
    limit: Type.Integer({ default: 3, minimum: 1, maximum: 10 }),
    secretEcho: Type.Boolean({ default: false }),
  },
  credentials: { password: { type: 'password' } },
  accepts: ['mw.question.v1', 'mw.cancel.v1'],
});

/** A node that exists only in tests: it does what its question says. */
export default function (RED: NodeAPI): void {
  registerNode(RED, {
    definition: probeNode,
    migrations: [(config) => ({ ...config, limit: Number(config.max ?? 3) })],
    simpleForm: ({ payload }) =>
      typeof payload === 'string' ? { type: 'mw.question.v1', payload: { text: payload } } : undefined,
    inbox: { limit: 2 },
    create(tools) {
      probe.opened++;
      const timer = setInterval(
        tools.guard(() => {
          probe.guarded++;
          throw new Error('a timer that throws');
        }),
        3_600_000,
      );
      return {
        async handle(message) {
          const { text } = message.payload as { text?: string };
          if (text === 'throw') throw new Error('boom');
          if (text === 'reject') await Promise.reject(new Error('rejected'));
          if (text === 'slow') await sleep(100, tools.signal);
          if (text === 'timer') tools.guard(async () => Promise.reject(new Error('late')))();
          tools.emit(1, { requestId: String(tools.config.limit) }, { type: 'mw.cancel.v1', topic: 'a/b' }, message);
        },
        close() {
          clearInterval(timer);
          probe.closed++;
        },
      };
    },
  });
}
