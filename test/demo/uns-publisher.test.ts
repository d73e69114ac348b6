import assert from 'node:assert/strict';
import { openMqttLink } from '../../src/connect/index.ts';
import { demoTags } from '../../src/demo/tags.ts';
import { openUnsPublisher } from '../../src/demo/uns-publisher.ts';
import { silentLogger } from '../../src/kernel/index.ts';
import { MqttWitness, until } from '../support/mqtt.ts';

describe("the demo plant's namespace", () => {
  it('has a retained plain value for each tag, as a gateway would publish it', async () => {
    const publisher = (await openUnsPublisher(0, silentLogger))!;
    const tags = demoTags();
    publisher.setValues(
      tags.map(({ nodeId, dataType }) => ({
        nodeId,
        value: dataType === 'String' ? 'x' : 1.5,
        sourceMs: 1_795_000_000_000,
      })),
    );
    const witness = new MqttWitness();
    const link = openMqttLink({ url: publisher.url, protocol: '3.1.1' });
    link.subscribe(['millwright-demo/northfield/+/+/+/+'], 1, witness.onMessage);
    await until(() => witness.messages.length === tags.length);
    assert.ok(witness.messages.every(({ retained }) => retained));
    const at = witness.messages.findIndex(
      ({ topic }) => topic === 'millwright-demo/northfield/machining/line-2/CNC-22/Temperature',
    );
    assert.deepEqual(JSON.parse(witness.texts[at]!), { value: 1.5, timestamp: 1_795_000_000_000, unit: 'Cel' });
    await link.close();
    await publisher.close();
  });

  it('is left out where its port is taken, which the log says, or where none is wanted', async () => {
    const warnings: string[] = [];
    const logger = { ...silentLogger, warn: (text: string) => warnings.push(text) };
    const first = (await openUnsPublisher(0, logger))!;
    assert.equal(await openUnsPublisher(Number(new URL(first.url).port), logger), undefined);
    assert.equal(await openUnsPublisher(-1, logger), undefined);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /MW_MQTT_LISTEN_FAILED/);
    await first.close();
  });
});
