import type { Advice, Statement } from '../../contracts/index.ts';
import { phrases } from './phrases.ts';

/** Advice for reading, safety first; each sentence is followed by the evidence that it rests on. */
export function renderAdvice(advice: Advice): string {
  const { headings } = phrases[advice.language];
  const line = ({ text, evidence }: Statement) => `- ${text} [${evidence.join(', ')}]`;
  const block = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : [`${title}:`, ...lines]);
  const actionOf = (code: string) => advice.actions.find((action) => action.code === code);
  return [
    ...block(headings.safety, advice.safety.map(line)),
    ...block(headings.symptoms, advice.symptoms.map(line)),
    ...advice.candidateModes.flatMap(({ code, name, support, contradicting, closedCases, why }, i) => {
      const action = actionOf(code);
      return [
        ...(i === 0 ? [`${headings.candidates}:`] : []),
        `${String.fromCharCode(65 + i)}) ${name.text} [${name.evidence.join(', ')}] (${headings.counts(support, contradicting, closedCases)})`,
        ...why.map(line),
        ...block(headings.lockout, (action?.lockout ?? []).map(line)),
        ...block(headings.steps, (action?.steps ?? []).map(line)),
        ...block(headings.parts, (action?.parts ?? []).map(line)),
        ...block(headings.skills, (action?.skills ?? []).map(line)),
      ];
    }),
    ...block(headings.similar, advice.similarCases.map(line)),
    ...block(headings.manuals, advice.manuals.map(line)),
    ...block(
      headings.unknowns,
      advice.unknowns.map((text) => `- ${text}`),
    ),
  ]
    .join('\n')
    .slice(0, 20_000);
}
