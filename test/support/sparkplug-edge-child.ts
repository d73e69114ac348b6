import { openMqttLink, openSparkplugEdge } from '../../src/connect/index.ts';
import { sample } from './sparkplug.ts';

/** An edge node in a process of its own, so that it can be killed: broker address and folder are its arguments. */
const [url = '', folder = ''] = process.argv.slice(2);
const edge = await openSparkplugEdge(
  {
    groupId: 'north',
    edgeNodeId: 'killed',
    folder,
    openLink: (options) => openMqttLink({ url, protocol: '5', keepAliveSeconds: 2, ...options }),
  },
  { onState: undefined, onCommand: () => undefined, onProblem: () => undefined },
);
edge.observe([sample('line/press/force', 1, Date.parse('2026-11-26T06:00:00.000Z'))]);
