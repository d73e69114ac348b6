import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSparkplugEdge, openSparkplugHost, type MqttLink, type MqttMessage } from '../../src/connect/index.ts';
import type { SparkplugLinkOptions } from '../../src/connect/uns/sparkplug/edge.ts';

/** What a role asks of its link, in order: subscriptions with their QoS, and what is published. */
interface Calls {
  options?: SparkplugLinkOptions;
  will?: MqttMessage;
  list: string[];
}

/** A link that notes what is asked of it and is online at once. */
function noteCalls(calls: Calls): (options: SparkplugLinkOptions) => MqttLink {
  return (options) => {
    calls.options = options;
    calls.will = typeof options.will === 'function' ? options.will() : options.will;
    return {
      state: { endpoint: 'mqtt://test', state: 'online', since: '2026-11-26T06:00:00.000Z' },
      protocol: '5',
      publish({ topic, qos, retain = false }) {
        calls.list.push(`publish ${topic} ${String(qos)} ${retain ? 'retained' : 'not retained'}`);
        return Promise.resolve();
      },
      subscribe(filters, qos) {
        calls.list.push(...filters.map((filter) => `subscribe ${filter} ${String(qos)}`));
        return { close: () => Promise.resolve() };
      },
      onConnect(listener) {
        listener(false);
        return () => undefined;
      },
      flush: () => Promise.resolve(),
      close(publishWill = false) {
        calls.list.push(publishWill ? 'disconnect with will' : 'disconnect');
        return Promise.resolve();
      },
    };
  };
}

describe('Sparkplug B, what each role asks of its link', () => {
  const handlers = { onState: undefined, onCommand: () => undefined, onProblem: assert.ifError };

  it('an edge node has a clean session and an NDEATH as will, and subscribes to commands before its birth', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mw-role-'));
    const calls: Calls = { list: [] };
    const options = { groupId: 'north', edgeNodeId: 'gateway', folder, openLink: noteCalls(calls) };
    const edge = await openSparkplugEdge(options, handlers);
    await edge.close();
    rmSync(folder, { recursive: true });
    assert.equal(calls.options!.sessionExpirySeconds, 0);
    assert.deepEqual(
      [calls.will!.topic, calls.will!.qos, calls.will!.retain],
      ['spBv1.0/north/NDEATH/gateway', 1, false],
    );
    assert.deepEqual(calls.list, [
      'subscribe spBv1.0/north/NCMD/gateway 1',
      'subscribe spBv1.0/north/DCMD/gateway/+ 1',
      'publish spBv1.0/north/NBIRTH/gateway 0 not retained',
      'publish spBv1.0/north/NDEATH/gateway 1 not retained',
      'disconnect with will',
    ]);
  });

  it('a host application has a clean session and an offline STATE as will, and subscribes to all before it says online', async () => {
    const calls: Calls = { list: [] };
    const host = await openSparkplugHost({ hostId: 'scada', openLink: noteCalls(calls) }, handlers);
    await host.close();
    assert.equal(calls.options!.sessionExpirySeconds, 0);
    const { topic, qos, retain, payload } = calls.will!;
    assert.deepEqual([topic, qos, retain], ['spBv1.0/STATE/scada', 1, true]);
    const { online, timestamp } = JSON.parse(Buffer.from(payload).toString('utf8')) as Record<string, unknown>;
    assert.equal(online, false);
    assert.ok(Math.abs(Number(timestamp) - Date.now()) < 60_000);
    assert.deepEqual(calls.list, [
      'subscribe spBv1.0/STATE/scada 1',
      ...['NBIRTH/+', 'NDEATH/+', 'NDATA/+', 'DBIRTH/+/+', 'DDEATH/+/+', 'DDATA/+/+'].map(
        (kind) => `subscribe spBv1.0/+/${kind} 1`,
      ),
      'publish spBv1.0/STATE/scada 1 retained',
      'publish spBv1.0/STATE/scada 1 retained',
      'disconnect',
    ]);
  });
});
