import type { X2jOptions } from 'fast-xml-parser';
import { lazyImport } from '../../kernel/index.ts';
import type { ImportFault } from './fault.ts';

/** An element of an XML document: its name without a prefix, its text without that of elements within. */
export interface XmlElement {
  name: string;
  line: number;
  text: string;
  /** The only attribute that is read: what a transaction wants (`Add`, `Change`, `Delete`). */
  actionCode?: string;
  children: XmlElement[];
}

/** A bomb of a few megabytes must not fill the memory. */
const mostElements = 400_000;
const deepest = 60;
const actionCode = 'actionCode';

/**
 * Reads XML text. A document type declaration is refused, so that there are no entities but the five of XML and
 * characters by number, and nothing is ever fetched; so are more than 400,000 elements or 60 levels.
 * Rejects with `MW_PACKAGE_MISSING` where fast-xml-parser is not installed.
 */
export async function readXml(source: string): Promise<{ root?: XmlElement; faults: ImportFault[] }> {
  const text = source.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const lineAt = lineFinder(text);
  const doctype = text.search(/<!DOCTYPE/i);
  if (doctype >= 0) return { faults: [{ line: lineAt(doctype), kind: 'document-type' }] };
  if (text.split('<', mostElements * 2 + 2).length > mostElements * 2)
    return { faults: [{ line: 1, kind: 'too-large', expected: String(mostElements) }] };
  const { XMLParser } = await lazyImport('fast-xml-parser', () => import('fast-xml-parser'));
  const place = XMLParser.getMetaDataSymbol() as symbol;
  try {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the pinned version still checks; its successor is a second package
    const nodes = new XMLParser(options).parse(text, true) as XmlNode[];
    const [root] = nodes.flatMap((node) => elementOf(node, place, lineAt));
    return root ? { root, faults: [] } : { faults: [{ line: 1, kind: 'not-xml', found: '' }] };
  } catch (thrown) {
    const [, reason, line] =
      /^([^]*?)(?::(\d+):\d+)?$/.exec(thrown instanceof Error ? thrown.message : String(thrown)) ?? [];
    return { faults: [{ line: Number(line ?? 1), kind: 'not-xml', found: reason ?? '' }] };
  }
}

const options: X2jOptions = {
  preserveOrder: true,
  removeNSPrefix: true,
  captureMetaData: true,
  parseTagValue: false,
  trimValues: false,
  attributeNamePrefix: '',
  ignoreAttributes: (name) => name !== actionCode,
  processEntities: false,
  cdataPropName: '#cdata',
  maxNestedTags: deepest,
};

/** As the parser gives it: one property named as the element, beside attributes and the place. */
interface XmlNode {
  [name: string]: unknown;
  '#text'?: string;
  ':@'?: Record<string, string>;
}

function elementOf(node: XmlNode, place: symbol, lineAt: (index: number) => number): XmlElement[] {
  const name = Object.keys(node).find((key) => key !== ':@' && !key.startsWith('#') && !key.startsWith('?'));
  if (name === undefined) return [];
  const children = node[name] as XmlNode[];
  const { startIndex } = (node as Record<symbol, { startIndex: number }>)[place] ?? { startIndex: 0 };
  const wanted = node[':@']?.[actionCode];
  return [
    {
      name,
      line: lineAt(startIndex),
      text: children.map(textOf).join('').trim(),
      ...(wanted === undefined ? {} : { actionCode: wanted }),
      children: children.flatMap((child) => elementOf(child, place, lineAt)),
    },
  ];
}

function textOf(node: XmlNode): string {
  const cdata = node['#cdata'] as XmlNode[] | undefined;
  if (cdata) return cdata.map((part) => part['#text'] ?? '').join('');
  return decoded(node['#text'] ?? '');
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decoded(text: string): string {
  return text.replaceAll(
    /&(?:([a-z]{2,4})|#(\d{1,7})|#x([\da-f]{1,6}));/gi,
    (whole, name?: string, dec?: string, hex?: string) => {
      if (name !== undefined) return named[name] ?? whole;
      const code = dec === undefined ? parseInt(hex ?? '', 16) : Number(dec);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}

/** Finds lines of places in rising order. */
function lineFinder(text: string): (index: number) => number {
  let [line, from] = [1, 0];
  return (index) => {
    if (index < from) [line, from] = [1, 0];
    for (let next = text.indexOf('\n', from); next >= 0 && next < index; next = text.indexOf('\n', from)) {
      line++;
      from = next + 1;
    }
    return line;
  };
}
