import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { monotonicMs } from '../kernel/index.ts';
import { trainJudge } from './judge/train.ts';
import { root } from './project.ts';

/** `npm run train:judge`: trains the second judge of questions from its phrases and writes its weights. */
const startedAt = monotonicMs();
const text = `${JSON.stringify(trainJudge(), null, 2)}\n`;
await writeFile(join(root, 'src/language/second/weights.json'), text);
const seconds = (monotonicMs() - startedAt) / 1000;
process.stdout.write(`weights.json: ${(text.length / 1024).toFixed(0)} KB in ${seconds.toFixed(1)} s\n`);
