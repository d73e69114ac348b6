import { serveWorker } from '../../kernel/index.ts';
import { readFailureModes } from '../retrieval/failure-modes.ts';
import { readManual, type ManualFile } from '../retrieval/manuals.ts';
import { readMeanings, usualMeanings } from '../retrieval/meanings.ts';
import { findCases } from '../retrieval/retrieve.ts';
import type { SourceDocument } from '../retrieval/source.ts';
import { advise } from './advise.ts';
import type { WorkRecord } from './cases.ts';
import { Knowledge } from './knowledge.ts';
import { queryOf, symptomsOf } from './symptoms.ts';
import type { AdviceRequest } from './request.ts';

/** A table file as its text. */
export interface TableText {
  text: string;
  file: string;
}

/** A similar case, as `search_cases` gives it. */
export interface FoundCase {
  caseId: string;
  equipmentId: string;
  /** Milliseconds since 1970 UTC. */
  at: number;
  text: string;
  language: 'en' | 'de';
  /** Failure mode of the plant's table that the text is about. */
  code?: string;
  /** Says what was done. */
  isClosed: boolean;
  score: number;
}

/** Texts that are turned into vectors at once. */
const passagesAtOnce = 64;

/** The knowledge lives here, so that no search or learning ever holds up Node-RED; a task only reads a manual. */
serveWorker(() => {
  const knowledge = new Knowledge();
  const manuals = new Map<string, string[]>();
  return {
    readManual: (file: ManualFile) => readManual(file),
    setMeanings: (table: TableText | undefined) => {
      knowledge.setMeanings(table ? readMeanings(table.text, table.file) : usualMeanings);
    },
    setFailureModes: ({ text, file }: TableText) => {
      knowledge.setFailureModes(readFailureModes(text, file));
    },
    setClasses: (classes: [string, string][]) => {
      knowledge.setClasses(new Map(classes));
    },
    putRecords: (records: WorkRecord[]) => knowledge.putRecords(records),
    putManual: ({ name, documents }: { name: string; documents: SourceDocument[] }) => {
      for (const docId of manuals.get(name) ?? []) knowledge.removeDocument(docId);
      manuals.set(
        name,
        documents.map(({ docId }) => docId),
      );
      for (const document of documents) knowledge.putDocument(document);
    },
    /** Passages that have no vector yet. */
    withoutVector: () => {
      const found: { passageId: string; text: string }[] = [];
      for (const { passageId, text, kind } of knowledge.index.all()) {
        if (found.length === passagesAtOnce) break;
        if (kind !== 'failure-mode' && !knowledge.vectors.has(passageId)) found.push({ passageId, text });
      }
      return found;
    },
    putVectors: (vectors: { passageId: string; vector: Float32Array }[]) =>
      vectors.filter(({ passageId, vector }) => knowledge.vectors.put(passageId, vector)).length,
    symptoms: (request: AdviceRequest) => queryOf(symptomsOf(knowledge, request), request.asset),
    advise: (request: AdviceRequest) => advise(knowledge, request),
    searchCases: ({
      query,
      limit,
      vector,
    }: {
      query: string;
      limit: number;
      vector?: ArrayLike<number>;
    }): FoundCase[] =>
      findCases(
        knowledge.index,
        knowledge.vectors,
        { query, language: 'en', allow: () => true, ...(vector ? { vector } : {}) },
        limit,
      ).flatMap(({ passage, score }) => {
        const known = knowledge.cases.get(passage.docId);
        if (!known || known.isSuspicious) return [];
        const { entryId, equipmentId, at, text, language, code, isClosed } = known;
        return [{ caseId: entryId, equipmentId, at, text, language, isClosed, score, ...(code ? { code } : {}) }];
      }),
    closedCases: (limit: number) =>
      [...knowledge.cases.values()]
        .filter(({ isClosed, isSuspicious, code }) => isClosed && !isSuspicious && code !== undefined)
        .sort((a, b) => a.at - b.at)
        .slice(-limit),
  };
});
