import { createHash } from 'node:crypto';
import type { CitedSpan, Statement } from '../../contracts/index.ts';
import { isoInstant } from '../../kernel/index.ts';
import { addressesModel } from '../retrieval/safety-words.ts';
import type { SourceDocument, Span } from '../retrieval/source.ts';

/** SHA-256 of a quote in lower-case hex: shows later whether the source has changed. */
function quoteHash(quote: string): string {
  return createHash('sha256').update(quote, 'utf8').digest('hex');
}

/** Collects what is cited; the same stretch twice is one piece of evidence. */
export class Citations {
  readonly evidence: CitedSpan[] = [];
  /** The whole documents, against which the quotes are checked. */
  readonly documents = new Map<string, SourceDocument>();

  /** Cites a stretch of a document and gives its evidence id. */
  cite(document: SourceDocument, { start, end, text }: Span, kind: CitedSpan['kind'] = document.kind): string {
    const { docId, equipmentId, date } = document;
    const known = this.evidence.find(
      (cited) => cited.docId === docId && cited.span.start === start && cited.span.end === end,
    );
    if (known) return known.evidenceId;
    const evidenceId = `e${this.evidence.length + 1}`;
    this.documents.set(docId, document);
    this.evidence.push({
      evidenceId,
      docId,
      kind,
      span: { start, end },
      quote: text,
      quoteHash: quoteHash(text),
      ...(equipmentId === undefined ? {} : { equipmentId }),
      ...(date === undefined ? {} : { date: isoInstant(date) }),
      ...(addressesModel(text) ? { suspicious: true } : {}),
    });
    return evidenceId;
  }

  /** A sentence that is the cited stretch, word for word. */
  quote(document: SourceDocument, span: Span): Statement {
    return { text: span.text, evidence: [this.cite(document, span)] };
  }
}
