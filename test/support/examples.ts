import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../src/tooling/project.ts';
import { freePort } from './ports.ts';

/** A node of a flow as it stands in a file. */
export interface FlowNode {
  type: string;
  z?: string;
}

/** An example flow as it is shipped. */
export function readExample(file: string): FlowNode[] {
  return JSON.parse(readFileSync(join(root, 'examples', file), 'utf8')) as FlowNode[];
}

/** An example flow with each of its fixed ports replaced by a free one, so that tests never meet on a port. */
export async function exampleOnFreePorts(file: string): Promise<FlowNode[]> {
  let text = JSON.stringify(readExample(file));
  const ports = new Set(
    [...text.matchAll(/"(?:port|mqttPort)":"([1-9]\d*)"|"mqttPort":([1-9]\d*)/g)].map(
      ([, typed, number]) => typed ?? number ?? '',
    ),
  );
  for (const port of ports) {
    const free = String(await freePort());
    text = text
      .replaceAll(`"port":"${port}"`, `"port":"${free}"`)
      .replaceAll(`"mqttPort":"${port}"`, `"mqttPort":"${free}"`)
      .replaceAll(`"mqttPort":${port}`, `"mqttPort":${free}`)
      .replaceAll(`127.0.0.1:${port}`, `127.0.0.1:${free}`);
  }
  return JSON.parse(text) as FlowNode[];
}
