import { isSafetyHeading, isSafetyText } from './safety-words.ts';
import type { Passage, SourceDocument, Span } from './source.ts';

/** Longest passage, in characters; longer paragraphs are parted at sentences. */
const longestPassage = 600;

/**
 * Parts a document into passages: paragraphs and list items of a manual, the whole of anything else. A passage warns
 * where its own words do or the heading above it does.
 */
export function passagesOf(document: SourceDocument): Passage[] {
  const { docId, kind, text, equipmentId, date, language } = document;
  const about = {
    ...(equipmentId === undefined ? {} : { equipmentId }),
    ...(date === undefined ? {} : { date }),
    ...(language === undefined ? {} : { language }),
  };
  let heading = '';
  const spans = kind === 'manual' ? paragraphs(text) : [whole(text)];
  return spans.flatMap((span, i) => {
    if (kind === 'manual' && /^#{1,6} /.test(span.text)) {
      heading = span.text;
      return [];
    }
    const isSafety = kind === 'manual' && (isSafetyText(span.text) || isSafetyHeading(heading));
    return span.text === '' ? [] : [{ passageId: `${docId}#${i}`, docId, kind, isSafety, ...about, ...span }];
  });
}

/** The sentences of a stretch, each with its place in the document. */
function sentencesOf(span: Span): Span[] {
  const found: Span[] = [];
  for (const match of span.text.matchAll(/\S[^.!?]*(?:[.!?](?!\s|$)[^.!?]*)*[.!?]*/g)) {
    const text = match[0].trimEnd();
    if (text !== '') found.push({ start: span.start + match.index, end: span.start + match.index + text.length, text });
  }
  return found;
}

function whole(text: string): Span {
  const start = text.length - text.trimStart().length;
  const trimmed = text.trim();
  return { start, end: start + trimmed.length, text: trimmed };
}

/** Headings, paragraphs and list items with their places. */
function paragraphs(text: string): Span[] {
  const spans: Span[] = [];
  let from = 0;
  let at = 0;
  const close = (to: number) => {
    const raw = text.slice(from, to);
    const inner = whole(raw);
    if (inner.text !== '') spans.push(...parts({ start: from + inner.start, end: from + inner.end, text: inner.text }));
    from = to;
  };
  for (const line of text.split(/(?<=\n)/)) {
    const isBreak = line.trim() === '' || /^\s*(?:[-*+•]|\d{1,3}[.)])\s/.test(line) || /^#{1,6} /.test(line);
    if (isBreak) close(at);
    at += line.length;
    if (/^#{1,6} /.test(line)) close(at);
  }
  close(text.length);
  return spans;
}

/** A paragraph, or groups of its sentences where it is long. */
function parts(span: Span): Span[] {
  if (span.text.length <= longestPassage) return [span];
  const groups: Span[] = [];
  for (const sentence of sentencesOf(span).flatMap(pieces)) {
    const last = groups.at(-1);
    if (last && sentence.end - last.start <= longestPassage) {
      last.end = sentence.end;
      last.text = span.text.slice(last.start - span.start, last.end - span.start);
    } else groups.push({ ...sentence });
  }
  return groups;
}

/** A sentence without an end is cut: a table read from a PDF has none. */
function pieces(span: Span): Span[] {
  const cut: Span[] = [];
  for (let at = 0; at < span.text.length; at += longestPassage) {
    const text = span.text.slice(at, at + longestPassage);
    cut.push({ start: span.start + at, end: span.start + at + text.length, text });
  }
  return cut;
}
