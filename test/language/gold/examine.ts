import { askStore } from './asking.ts';
import type { GoldQuestion } from './question.ts';
import { scenes, sceneStore } from './scenes.ts';
import { readTables } from './tables.ts';
import { judge, type Verdict } from './verdict.ts';

/** Puts questions to the stores of their scenes, which lie in a folder or are written there, and judges the answers. */
export async function examine(questions: readonly GoldQuestion[], folder: string): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const [name, asked] of Map.groupBy(questions, ({ scene }) => scene)) {
    const file = await sceneStore(folder, name);
    const now = Date.parse(scenes[name]?.now ?? '');
    const lines = await askStore(file, asked, now);
    const tables = readTables(file, now);
    asked.forEach((question, n) => verdicts.push(judge(question, lines[n]!, tables)));
  }
  return verdicts;
}
