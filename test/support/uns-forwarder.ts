import { writeSync } from 'node:fs';
import { openForwarder, openMqttLink, type Qos } from '../../src/connect/index.ts';

/** Forwards numbered messages in bursts until it is killed; tells on stdout the last number that is on disk. */
const [url = '', folder = '', qos = '1'] = process.argv.slice(2);
const link = openMqttLink({ url, protocol: '5' });
const queue = { name: 'kill', folder, limitBytes: 64e6, limitAgeMs: 3_600_000 };
const forwarder = openForwarder({ link, queue });
for (let number = 0; ; number += 20) {
  const burst = Array.from({ length: 20 }, (_, at) =>
    forwarder.take([{ topic: 'kill/x', payload: Buffer.from(String(number + at)), qos: Number(qos) as Qos }]),
  );
  await Promise.all(burst);
  writeSync(1, `${number + 19}\n`);
  await new Promise((resolve) => setTimeout(resolve, 1));
}
