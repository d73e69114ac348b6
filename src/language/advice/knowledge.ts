import type { FailureMode, FailureModeTable } from '../retrieval/failure-modes.ts';
import { openModeClassifier, type ModeClassifier } from '../retrieval/mode-classifier.ts';
import { SearchIndex } from '../retrieval/search-index.ts';
import type { SourceDocument } from '../retrieval/source.ts';
import { usualMeanings } from '../retrieval/meanings.ts';
import type { Meanings } from '../retrieval/terms.ts';
import { VectorIndex } from '../retrieval/vectors.ts';
import { CaseReader, recordId, type Case, type WorkRecord } from './cases.ts';

const week = 7 * 86_400_000;
/** Most records that are kept, the newest. */
const mostCases = 50_000;
/** Cases that a classifier learns from: at least and at most. */
const leastExamples = 30;
const mostExamples = 2000;

/** Everything that advice is drawn from: grows record by record, holds no clock and no connection. */
export class Knowledge {
  readonly vectors = new VectorIndex();
  readonly cases = new Map<string, Case>();
  modes: ReadonlyMap<string, readonly FailureMode[]> = new Map();
  index = new SearchIndex(usualMeanings);
  reader = new CaseReader(this.modes, usualMeanings);
  private meanings: Meanings = usualMeanings;
  private classes: ReadonlyMap<string, string> = new Map();
  private learned: { week: number; classifier: ModeClassifier | undefined } | undefined;

  /** What short forms stand for: all texts are read again. */
  setMeanings(meanings: Meanings): void {
    this.meanings = meanings;
    const held = (['work-order', 'manual', 'failure-mode'] as const).flatMap((kind) => this.index.documents(kind));
    this.index = new SearchIndex(meanings);
    for (const document of held) this.index.put(document);
    this.readAgain();
  }

  /** The plant's failure modes in place of earlier ones; every case is read again. */
  setFailureModes({ modes, documents }: FailureModeTable): void {
    for (const { docId } of this.index.documents('failure-mode')) this.index.remove(docId);
    for (const document of documents) this.index.put(document);
    const byCode = new Map<string, FailureMode[]>();
    for (const mode of modes) byCode.set(mode.code, [...(byCode.get(mode.code) ?? []), mode]);
    this.modes = byCode;
    this.readAgain();
  }

  /** Classes of machines by id: machines of a class have the same failure modes. */
  setClasses(classes: ReadonlyMap<string, string>): void {
    this.classes = classes;
  }

  /** Adds records; one that is known already is left as it is. Returns how many were new. */
  putRecords(records: readonly WorkRecord[]): number {
    let added = 0;
    for (const record of records) {
      if (this.cases.has(recordId(record.entryId))) continue;
      const read = this.reader.read(record);
      added++;
      this.cases.set(read.docId, read);
      const { docId, equipmentId, at: date, language, text } = read;
      this.index.put({ docId, kind: 'work-order', title: record.entryId, text, equipmentId, date, language });
    }
    while (this.cases.size > mostCases) {
      const [oldest = ''] = this.cases.keys();
      this.cases.delete(oldest);
      this.removeDocument(oldest);
    }
    return added;
  }

  putDocument(document: SourceDocument): void {
    this.removeDocument(document.docId);
    this.index.put(document);
  }

  removeDocument(docId: string): void {
    for (const passageId of this.index.passagesOf(docId)) this.vectors.remove(passageId);
    this.index.remove(docId);
  }

  classOf(equipmentId: string): string {
    return this.classes.get(equipmentId) ?? equipmentId;
  }

  /** Whether two machines are of one class. */
  areAlike(one: string, other: string): boolean {
    return this.classOf(one) === this.classOf(other);
  }

  /** Failure modes that a machine can have, in a language where there is that one. */
  modesOf(equipmentId: string, language: 'en' | 'de'): FailureMode[] {
    return [...this.modes.values()].flatMap((rows) => {
      const row = rows.find((mode) => mode.language === language) ?? rows[0];
      const equipment: readonly string[] = row?.equipment ?? [];
      const fits =
        equipment.length === 0 || equipment.includes(equipmentId) || equipment.includes(this.classOf(equipmentId));
      return row && fits ? [row] : [];
    });
  }

  /** Learned from what was written before the week of an instant, so that one learning serves a week. */
  classifierAt(at: number): ModeClassifier | undefined {
    const before = Math.floor(at / week);
    if (this.learned?.week === before) return this.learned.classifier;
    const examples = [...this.cases.values()]
      .filter((known) => known.at < before * week && known.code !== undefined && !known.isSuspicious)
      .slice(-mostExamples)
      .map(({ text, code }) => ({ text, label: code! }));
    const isEnough = examples.length >= leastExamples && new Set(examples.map(({ label }) => label)).size > 1;
    const classifier = isEnough ? openModeClassifier(examples, this.meanings) : undefined;
    this.learned = { week: before, classifier };
    return classifier;
  }

  private readAgain(): void {
    this.learned = undefined;
    this.reader = new CaseReader(this.modes, this.meanings);
    for (const [docId, known] of this.cases) {
      const { entryId, equipmentId, at, language, text, reason } = known;
      const record = { entryId, equipmentId, at, language, text, ...(reason === undefined ? {} : { reason }) };
      this.cases.set(docId, this.reader.read(record));
    }
  }
}
