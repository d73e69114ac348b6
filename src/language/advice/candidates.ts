import type { FailureMode } from '../retrieval/failure-modes.ts';
import type { Hit } from '../retrieval/search-index.ts';
import type { Case } from './cases.ts';
import type { Knowledge } from './knowledge.ts';
import type { Finding } from './measured.ts';
import type { AdviceRequest } from './request.ts';

/** A failure mode that may be behind the symptoms, with what speaks for and against it. */
export interface Candidate {
  mode: FailureMode;
  /** Share among all candidates. */
  score: number;
  supporting: Case[];
  contradicting: Case[];
  closedCases: number;
  sensor: 'supports' | 'contradicts' | 'none';
  findings: Finding[];
}

/** Most candidates: never one alone, never a list. */
const mostCandidates = 3;
/** What is less likely than this, beside the best, is not worth a look. */
const leastShare = 0.05;
/** A case counts as similar from this share of the best one's score. */
const leastSimilarity = 0.35;

/** Weights of what speaks for a mode, where there are words to go by and where there are none. */
const withWords = { words: 0.65, history: 0.1, sensor: 0.6 };
const withoutWords = { words: 0, history: 0.4, sensor: 0.6 };
/** What is left of a mode whose signals are measured and as usual. */
const contradictedShare = 0.5;

/** Similar cases: what the search found, without those that fit far worse than the best. */
export function similarCases(knowledge: Knowledge, hits: readonly Hit[]): Case[] {
  const best = hits[0]?.score ?? 0;
  return hits
    .filter(({ score }) => score >= leastSimilarity * best)
    .flatMap(({ passage }) => knowledge.cases.get(passage.docId) ?? [])
    .filter(({ isSuspicious }) => !isSuspicious);
}

/**
 * The likeliest failure modes of a machine, at most three: by similar cases, by the plant's table and by what was
 * learned from earlier texts, by how often each has occurred on machines of the class, and by the signals that the table
 * names. Empty where nothing speaks for any.
 */
export function candidateModes(
  knowledge: Knowledge,
  request: AdviceRequest,
  query: string,
  similar: readonly Case[],
): Candidate[] {
  const modes = knowledge.modesOf(request.asset, request.language);
  const codes = new Set(modes.map(({ code }) => code));
  const byWords = wordShares(knowledge, request, query, similar, codes);
  const closed = closedBefore(knowledge, request);
  const closedSum = [...closed.values()].reduce((sum, count) => sum + count, 0);
  const weights = byWords.size > 0 ? withWords : withoutWords;
  const judged = modes.map((mode): Candidate => {
    const { sensor, findings } = sensorOf(mode, request.measured?.findings ?? []);
    const closedCases = closed.get(mode.code) ?? 0;
    const known =
      weights.words * (byWords.get(mode.code) ?? 0) +
      weights.history * (closedSum === 0 ? 0 : closedCases / closedSum) +
      (sensor === 'supports' ? weights.sensor : 0);
    return {
      mode,
      score: sensor === 'contradicts' ? contradictedShare * known : known,
      supporting: similar.filter(({ code }) => code === mode.code),
      contradicting: similar.filter(({ code }) => code !== undefined && code !== mode.code),
      closedCases,
      sensor,
      findings,
    };
  });
  const isGuess = query !== '' && byWords.size === 0 && judged.every(({ sensor }) => sensor !== 'supports');
  const sum = judged.reduce((total, { score }) => total + score, 0);
  if (sum === 0 || isGuess) return [];
  return judged
    .map((candidate) => ({ ...candidate, score: candidate.score / sum }))
    .sort((a, b) => b.score - a.score || (a.mode.code < b.mode.code ? -1 : 1))
    .slice(0, mostCandidates)
    .filter(({ score }, i) => i === 0 || score >= leastShare);
}

/** The mean of what three readings of the words say; none where there are no words, or they fit nothing. */
function wordShares(
  knowledge: Knowledge,
  { at }: AdviceRequest,
  query: string,
  similar: readonly Case[],
  codes: ReadonlySet<string>,
): Map<string, number> {
  if (query === '') return new Map();
  const readings: Map<string, number>[] = [
    shares(
      similar.flatMap(({ code }) => (code === undefined ? [] : [{ code, score: 1 }])),
      codes,
    ),
    shares(knowledge.reader.matches(query), codes),
  ].filter((reading) => reading.size > 0);
  // What was learned always has an opinion; it counts only where something else found the words.
  const learned = readings.length > 0 ? knowledge.classifierAt(at)?.suggest(query) : undefined;
  if (learned)
    readings.push(
      shares(
        learned.map(({ label, share }) => ({ code: label, score: share })),
        codes,
      ),
    );
  const mean = new Map<string, number>();
  for (const reading of readings)
    for (const [code, share] of reading) mean.set(code, (mean.get(code) ?? 0) + share / readings.length);
  return mean;
}

function shares(scored: readonly { code: string; score: number }[], codes: ReadonlySet<string>): Map<string, number> {
  const fitting = scored.filter(({ code }) => codes.has(code));
  const sum = fitting.reduce((total, { score }) => total + score, 0);
  const found = new Map<string, number>();
  for (const { code, score } of fitting) found.set(code, (found.get(code) ?? 0) + score / sum);
  return found;
}

/** Closed cases of each mode so far on machines of the class; those after a stop for the same reason where there are some. */
function closedBefore(knowledge: Knowledge, { asset, at, scope, event }: AdviceRequest): Map<string, number> {
  const reason = event?.evidence.find(({ name }) => name === 'reason')?.value;
  const closed = [...knowledge.cases.values()].filter(
    ({ code, isClosed, isSuspicious, at: closedAt, equipmentId }) =>
      isClosed &&
      !isSuspicious &&
      code !== undefined &&
      closedAt < at &&
      knowledge.areAlike(asset, equipmentId) &&
      (scope?.includes(equipmentId) ?? true),
  );
  const sameReason = closed.filter((known) => known.reason === reason);
  const counts = new Map<string, number>();
  for (const { code } of sameReason.length > 0 ? sameReason : closed) counts.set(code!, (counts.get(code!) ?? 0) + 1);
  return counts;
}

/** What the signals say that the table names for a mode: one that goes its way supports it, all as usual contradict it. */
function sensorOf({ signals }: FailureMode, findings: readonly Finding[]): Pick<Candidate, 'sensor' | 'findings'> {
  const measured = signals.flatMap(({ signal, direction }) => {
    const finding = findings.find((found) => found.signal === signal);
    return finding ? [{ finding, agrees: finding.state === direction }] : [];
  });
  if (measured.length === 0) return { sensor: 'none', findings: [] };
  const agreeing = measured.filter(({ agrees }) => agrees).map(({ finding }) => finding);
  return agreeing.length > 0
    ? { sensor: 'supports', findings: agreeing }
    : { sensor: 'contradicts', findings: measured.map(({ finding }) => finding) };
}
