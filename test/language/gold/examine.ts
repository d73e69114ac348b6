import { askStore } from './asking.ts';
import { goldsOf, type GoldQuestion } from './question.ts';
import { sceneOf, sceneStore } from './scenes.ts';
import { readTables } from './tables.ts';
import { judge, type Verdict } from './verdict.ts';

const dayMs = 86_400_000;

/**
 * Puts questions to the stores of their scenes, which lie in a folder or are written there, and judges the answers.
 * @param mostDays shorter histories than the scenes have: questions that reach further back are left out
 */
export async function examine(
  questions: readonly GoldQuestion[],
  folder: string,
  mostDays?: number,
): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const [name, list] of Map.groupBy(questions, (question) => question.scene)) {
    const scene = sceneOf(name, mostDays);
    const now = Date.parse(scene.now);
    const asked = list.filter((question) => isWithin(question, now - scene.days * dayMs));
    const file = await sceneStore(folder, name, scene);
    const { lines } = await askStore(file, asked, now);
    const tables = readTables(file, now);
    asked.forEach((question, n) => verdicts.push(judge(question, lines[n]!, tables)));
  }
  return verdicts;
}

function isWithin(question: GoldQuestion, begin: number): boolean {
  return goldsOf(question).every((gold) => {
    if ('refusal' in gold) return true;
    return [gold.from, gold.compareFrom].every((from) => from === undefined || Date.parse(from) >= begin);
  });
}
