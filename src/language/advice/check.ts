import { createHash } from 'node:crypto';
import type { Advice, CitedSpan, Statement } from '../../contracts/index.ts';
import type { SourceDocument } from '../retrieval/source.ts';

/** Numbers written as words; `one` is left out, it is an article too. */
const numberWords = new Set(
  (
    'two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty hundred thousand million half double twice dozen ' +
    'zwei drei vier fuenf fünf sechs sieben acht neun zehn elf zwölf fünfzehn zwanzig dreißig vierzig fünfzig sechzig hundert tausend million halb halbe doppelt dutzend'
  ).split(' '),
);

/**
 * Checks advice against the texts that were supplied, independently of who wrote it: each piece of evidence is a stretch
 * of a supplied text and its hash fits; each sentence cites evidence that is there; each number of a sentence, as digits
 * or word, stands word for word in a stretch that it cites. What fails is dropped and listed; a candidate without its
 * name goes with its actions. The machine's own name is no number.
 */
export function checkAdvice(advice: Advice, documents: ReadonlyMap<string, SourceDocument>): Advice {
  const dropped = [...advice.dropped];
  const evidence = new Map<string, CitedSpan>();
  for (const cited of advice.evidence) {
    const reason = evidenceFault(cited, documents.get(cited.docId));
    if (reason) dropped.push({ text: cited.quote.slice(0, 1000), reason });
    else evidence.set(cited.evidenceId, cited);
  }
  const keep = (statements: readonly Statement[]) =>
    statements.filter(({ text, evidence: ids }) => {
      const reason = statementFault(text, ids, evidence, advice.asset);
      if (reason) dropped.push({ text: text.slice(0, 1000), reason });
      return reason === undefined;
    });
  const candidateModes = advice.candidateModes
    .filter(({ name, support, supportingCases, contradicting, contradictingCases }) => {
      const isCounted = support === supportingCases.length && contradicting === contradictingCases.length;
      if (!isCounted) dropped.push({ text: name.text, reason: 'counts do not fit the cases' });
      return isCounted && keep([name]).length === 1;
    })
    .map((candidate) => ({ ...candidate, why: keep(candidate.why) }));
  const isOffered = (code: string) => candidateModes.some((candidate) => candidate.code === code);
  const { statement, ...urgency } = advice.urgency;
  const basis = statement ? keep([statement]) : [];
  return {
    ...advice,
    safety: keep(advice.safety),
    symptoms: keep(advice.symptoms),
    candidateModes,
    actions: advice.actions
      .filter(({ code }) => isOffered(code))
      .map(({ code, steps, parts, skills, lockout }) => ({
        code,
        steps: keep(steps),
        parts: keep(parts),
        skills: keep(skills),
        lockout: keep(lockout),
      })),
    similarCases: keep(advice.similarCases),
    manuals: keep(advice.manuals),
    urgency: { ...urgency, ...(basis[0] ? { statement: basis[0] } : {}) },
    unknowns: advice.unknowns.filter((text) => {
      const isFree = numbersOf(text).every((number) => isName(number, [advice.asset]));
      if (!isFree) dropped.push({ text, reason: 'a number without a source' });
      return isFree;
    }),
    evidence: [...evidence.values()],
    dropped: dropped.slice(0, 50),
  };
}

function evidenceFault(
  { span, quote, quoteHash }: CitedSpan,
  document: SourceDocument | undefined,
): string | undefined {
  if (!document) return 'cites a text that was not supplied';
  if (span.end <= span.start || document.text.slice(span.start, span.end) !== quote) return 'is not what stands there';
  const hash = createHash('sha256').update(quote, 'utf8').digest('hex');
  return hash === quoteHash ? undefined : 'its hash does not fit';
}

/** Why a sentence may not stand, or nothing. */
function statementFault(
  text: string,
  ids: readonly string[],
  evidence: ReadonlyMap<string, CitedSpan>,
  asset: string,
): string | undefined {
  const cited = ids.map((id) => evidence.get(id));
  if (cited.length === 0 || cited.includes(undefined)) return 'cites no supplied text';
  const known = cited.filter((one) => one !== undefined);
  const supplied = new Set(known.flatMap(({ quote }) => numbersOf(quote)));
  const names = [asset, ...known.flatMap(({ equipmentId }) => equipmentId ?? [])];
  const invented = numbersOf(text).find((number) => !supplied.has(number) && !isName(number, names));
  return invented === undefined ? undefined : `${invented} does not stand in what it cites`;
}

/** Everything in a text that is a number: each word with a digit, whole, and each number word. */
export function numbersOf(text: string): string[] {
  const words = text.normalize('NFC').match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}.,:/+%°-]*/gu) ?? [];
  return words
    .map((word) => word.replace(/[.,:/+-]+$/u, ''))
    .filter((word) => /\p{N}/u.test(word) || numberWords.has(word.toLowerCase()))
    .map((word) => (/\p{N}/u.test(word) ? word : word.toLowerCase()));
}

function isName(number: string, names: readonly string[]): boolean {
  const plain = (name: string) => name.toLowerCase().replaceAll('-', '');
  return names.some((name) => plain(name) === plain(number));
}
