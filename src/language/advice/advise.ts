import type { Advice, AdvisedAction, CandidateMode, Statement } from '../../contracts/index.ts';
import { isoInstant } from '../../kernel/index.ts';
import { findCases, findManuals, findSafety, type Retrieval } from '../retrieval/retrieve.ts';
import type { Hit } from '../retrieval/search-index.ts';
import type { Passage, SourceDocument, Span } from '../retrieval/source.ts';
import { candidateModes, similarCases, type Candidate } from './candidates.ts';
import type { Case } from './cases.ts';
import { checkAdvice } from './check.ts';
import { Citations } from './citations.ts';
import type { Knowledge } from './knowledge.ts';
import { phrases } from './phrases.ts';
import type { AdviceRequest } from './request.ts';
import { beginning, queryOf, symptomsOf, type Symptom } from './symptoms.ts';
import { renderAdvice } from './render.ts';

const mostSimilar = 3;
const mostSigns = 4;
/** Candidates closer than this share of the best are not told apart. */
const closeShare = 0.8;

/** Advice as written, and the whole texts that it cites. */
export interface WrittenAdvice {
  advice: Advice;
  documents: ReadonlyMap<string, SourceDocument>;
}

/**
 * Advice on a machine from what was known before an instant, by template: every sentence is a supplied text's own
 * words, or such words in a fixed phrase. What fails the check is dropped and listed.
 */
export function advise(knowledge: Knowledge, request: AdviceRequest): WrittenAdvice {
  const symptoms = symptomsOf(knowledge, request);
  const query = queryOf(symptoms, request.asset);
  const { index, vectors } = knowledge;
  const wanted: Retrieval = {
    query,
    language: request.language,
    ...(request.vector ? { vector: request.vector } : {}),
    allow: (passage) => mayUse(passage, request),
  };
  const similar = similarCases(knowledge, findCases(index, vectors, wanted));
  const candidates = candidateModes(knowledge, request, query, similar);
  const named = candidates.flatMap(({ mode }) => [mode.component.text, mode.mode.text]).slice(0, 2);
  const about = { ...wanted, query: [query, ...named].join(' ') };
  const texts: FoundTexts = { manuals: findManuals(index, vectors, about), safety: findSafety(index, vectors, about) };
  const writer = new Writer(knowledge, request, query);
  const written = writer.write(symptoms, texts, similar, candidates);
  const advice = checkAdvice(written, writer.citations.documents);
  return { advice: { ...advice, text: renderAdvice(advice) }, documents: writer.citations.documents };
}

/** What the manuals say. */
interface FoundTexts {
  manuals: readonly Hit[];
  safety: readonly Passage[];
}

/** Nothing from later, nothing outside the scope; judged before anything is ranked. */
function mayUse({ date, equipmentId, kind }: Passage, { at, scope }: AdviceRequest): boolean {
  if (date !== undefined && date >= at) return false;
  return kind !== 'work-order' || !scope || (equipmentId !== undefined && scope.includes(equipmentId));
}

class Writer {
  readonly citations = new Citations();
  private readonly knowledge: Knowledge;
  private readonly request: AdviceRequest;
  private readonly query: string;
  private readonly words: (typeof phrases)['en' | 'de'];

  constructor(knowledge: Knowledge, request: AdviceRequest, query: string) {
    this.query = query;
    this.knowledge = knowledge;
    this.request = request;
    this.words = phrases[request.language];
  }

  write(
    symptoms: readonly Symptom[],
    found: FoundTexts,
    similar: readonly Case[],
    candidates: readonly Candidate[],
  ): Advice {
    const { adviceId, asset, at, language } = this.request;
    return {
      adviceId,
      asset,
      at: isoInstant(at),
      language,
      source: 'template',
      text: '',
      safety: this.safety(found, candidates),
      symptoms: symptoms.map((symptom) => this.symptom(symptom)),
      candidateModes: candidates.map((candidate) => this.candidate(candidate)),
      actions: candidates.map((candidate) => this.action(candidate)),
      similarCases: similar.slice(0, mostSimilar).map((known) => this.similar(known)),
      manuals: found.manuals.map(({ passage }) => this.quote(passage.docId, passage)),
      urgency: this.urgency(candidates),
      unknowns: this.unknowns(found, similar, candidates),
      evidence: this.citations.evidence,
      dropped: [],
    };
  }

  /** Warnings of the manuals, then those of the candidates' rows. */
  private safety({ safety }: FoundTexts, candidates: readonly Candidate[]): Statement[] {
    const manual = safety.map((passage) => this.quote(passage.docId, passage));
    const ofModes = candidates.flatMap(({ mode }) => mode.safety.map((span) => this.quote(mode.docId, span)));
    return distinct([...manual, ...ofModes]);
  }

  private symptom({ document, span, kind }: Symptom): Statement {
    if (kind === 'measured') return this.citations.quote(document, span);
    const cited = kind === 'record' ? this.citations.cite(document, span) : this.citations.cite(document, span, kind);
    const text = kind === 'record' ? this.words.record(span.text) : this.words.asked(span.text);
    return { text, evidence: [cited] };
  }

  private candidate(candidate: Candidate): CandidateMode {
    const { mode, score, supporting, contradicting, closedCases, sensor, findings } = candidate;
    const measured = this.request.measured?.document;
    const signs = mode.symptoms.slice(0, mostSigns).map((span) => this.phrase(mode.docId, span, this.words.signs));
    const bySensor = measured
      ? findings.map((finding): Statement => {
          const evidence = [this.citations.cite(measured, finding.span)];
          return {
            text: sensor === 'contradicts' ? this.words.against(finding.span.text) : finding.span.text,
            evidence,
          };
        })
      : [];
    return {
      code: mode.code,
      name: {
        text: this.words.name(mode.component.text, mode.mode.text),
        evidence: [this.cite(mode.docId, mode.component), this.cite(mode.docId, mode.mode)],
      },
      score: Math.round(1000 * score) / 1000,
      support: supporting.length,
      contradicting: contradicting.length,
      supportingCases: supporting.map(({ docId }) => docId),
      contradictingCases: contradicting.map(({ docId }) => docId),
      closedCases,
      sensor,
      why: [
        ...bySensor,
        ...signs,
        ...supporting.slice(0, 2).map((known) => this.similar(known)),
        ...mode.cause.slice(0, 2).map((span) => this.phrase(mode.docId, span, this.words.cause)),
      ],
    };
  }

  private action({ mode }: Candidate): AdvisedAction {
    const quotes = (spans: readonly Span[]) => spans.map((span) => this.quote(mode.docId, span));
    const { code, actions, parts, skills, lockout } = mode;
    return { code, steps: quotes(actions), parts: quotes(parts), skills: quotes(skills), lockout: quotes(lockout) };
  }

  private similar({ docId, equipmentId, text }: Case): Statement {
    const document = this.knowledge.index.document(docId)!;
    const span = beginning(text);
    return { text: this.words.similar(equipmentId, span.text), evidence: [this.citations.cite(document, span)] };
  }

  /** What stands still cannot wait; what is past its limit neither; what only grows can be planned. */
  private urgency(candidates: readonly Candidate[]): Advice['urgency'] {
    const { event, measured } = this.request;
    const alarm = measured?.findings.find(({ isAlarm }) => isAlarm);
    if (event?.kind === 'machine-down') return { level: 'now', basis: 'event' };
    if (alarm)
      return { level: 'now', basis: 'sensor', statement: this.citations.quote(measured!.document, alarm.span) };
    const sign = candidates.find(({ sensor }) => sensor === 'supports')?.findings[0];
    if (sign) return { level: 'soon', basis: 'sensor', statement: this.citations.quote(measured!.document, sign.span) };
    if (event?.kind === 'quality-drift') return { level: 'soon', basis: 'event' };
    if (event?.kind === 'maintenance-due') return { level: 'planned', basis: 'event' };
    const known = candidates[0]?.supporting[0];
    return known
      ? { level: 'planned', basis: 'history', statement: this.similar(known) }
      : { level: 'unknown', basis: 'none' };
  }

  private unknowns(found: FoundTexts, similar: readonly Case[], candidates: readonly Candidate[]): string[] {
    const { measured } = this.request;
    const [best, next] = candidates;
    const missing = new Set(
      candidates
        .flatMap(({ mode }) =>
          mode.signals.filter(({ signal }) => !measured?.findings.some((finding) => finding.signal === signal)),
        )
        .map(({ signal }) => signal),
    );
    const isUsual = this.query === '' && best !== undefined && best.sensor !== 'supports';
    const hasSafety = found.safety.length > 0 || candidates.some(({ mode }) => mode.safety.length > 0);
    return [
      ...(similar.length === 0 ? [this.words.noCase] : []),
      ...(this.knowledge.modes.size === 0 ? [this.words.noTable] : candidates.length === 0 ? [this.words.noMode] : []),
      ...(isUsual ? [this.words.onlyUsual] : []),
      ...(hasSafety ? [] : [this.words.noSafety]),
      ...(measured && measured.findings.length > 0
        ? [...missing].map(this.words.notMeasured)
        : [this.words.noMeasured]),
      ...(best && next && next.score > closeShare * best.score ? [this.words.unclear] : []),
    ];
  }

  private phrase(docId: string, span: Span, say: (quote: string) => string): Statement {
    return { text: say(span.text), evidence: [this.cite(docId, span)] };
  }

  private quote(docId: string, span: Span): Statement {
    return { text: span.text, evidence: [this.cite(docId, span)] };
  }

  private cite(docId: string, { start, end, text }: Span): string {
    return this.citations.cite(this.knowledge.index.document(docId)!, { start, end, text });
  }
}

function distinct(statements: readonly Statement[]): Statement[] {
  const seen = new Set<string>();
  return statements.filter(({ text }) => !seen.has(text) && seen.add(text)).slice(0, 10);
}
