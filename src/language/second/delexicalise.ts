import type { PlantModel } from '../../plant/index.ts';

/** What stands for a name in a delexicalised question. */
type Kind = 'line' | 'machine' | 'area' | 'product' | 'customer' | 'shift' | 'person' | 'site';

/** The second judge's own index of a plant's names; it shares nothing with the lexicon of the parser. */
export interface NameIndex {
  /** Folded name → what it names. */
  names: ReadonlyMap<string, Kind>;
  /** Letters that begin ids like CNC-22, with what they name. */
  prefixes: ReadonlyMap<string, Kind>;
  /** Words of the longest name. */
  longest: number;
}

/** Indexes what a plant calls its things. */
export function indexNames(model: PlantModel, customers: readonly string[]): NameIndex {
  const names = new Map<string, Kind>();
  const prefixes = new Map<string, Kind>();
  const add = (kind: Kind, ...texts: (string | undefined)[]) => {
    for (const text of texts) {
      const folded = fold(text ?? '').replaceAll('-', ' ');
      const prefix = /^([a-z]+)[ -]\d+$/.exec(folded)?.[1];
      if (prefix !== undefined && kind !== 'line') prefixes.set(prefix, kind);
      if (folded !== '') names.set(folded, kind);
    }
  };
  for (const { equipmentId, name, level, equipmentClassId } of model.equipment) {
    const kind = kinds[level];
    if (!kind) continue;
    add(kind, equipmentId, name);
    if (kind === 'machine' && equipmentClassId) add(kind, equipmentClassId, `${equipmentClassId}s`);
  }
  for (const { materialId, name } of model.materials) {
    const family = name.replace(/\s*\d+.*$/, '');
    add('product', materialId, name, family, `${family}s`);
  }
  for (const { personId } of model.persons) add('person', personId);
  for (const { name } of model.calendar.shifts) add('shift', `${name} shift`, `${name}schicht`);
  for (const customer of customers) add('customer', customer);
  return { names, prefixes, longest: Math.max(1, ...[...names.keys()].map((name) => name.split(' ').length)) };
}

const kinds: Partial<Record<string, Kind>> = {
  Site: 'site',
  Enterprise: 'site',
  Area: 'area',
  ProductionLine: 'line',
  WorkUnit: 'machine',
};

/** Lower case without accents and signs; umlauts spelt out. */
function fold(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[äöü]/g, (umlaut) => ({ ä: 'ae', ö: 'oe', ü: 'ue' })[umlaut] ?? umlaut)
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/['’`´]s?\b/g, '')
    .replace(/[‐‑‒–—]/g, '-')
    .replace(/[^a-z0-9%<>=.:/-]+/g, ' ')
    .replace(/[.:/](?!\d)|(?<!\d)[.:/]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

const count =
  '(?:\\d+|one|two|three|four|five|six|seven|ten|zwei|drei|vier|fuenf|sechs|sieben|zehn|couple of|few|paar)';
const unit =
  '(?:(?:early|late|night|day|morning|evening|frueh|spaet|nacht|tag) ?(?:shifts?|schicht(?:en)?)|minutes?|hours?|shifts?|days?|weeks?|months?|quarters?|years?|weekends?|nights?|minuten?|stunden?|schicht(?:en)?|tage?n?|wochen?|monate?n?s?|quartale?s?|jahre?n?s?|wochenenden?|nacht)';
const weekday =
  '(?:mon|tues|wednes|thurs|fri|satur|sun)days?|(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag)s?';
const month =
  '(?:january|february|march|april|may|june|july|august|september|october|november|december|januar|februar|maerz|mai|juni|juli|oktober|dezember|jan|feb|mar|apr|jun|jul|aug|sep|sept|okt|oct|nov|dec|dez)';
const clock = '\\d{1,2}(?:[:.]\\d\\d)?(?: ?(?:am|pm|uhr|h|o clock))?';
const date = `(?:\\d{4}-\\d\\d-\\d\\d|\\d{1,2}\\.\\d{1,2}(?:\\.(?:\\d{2,4})?)?|\\d{1,2}/\\d{1,2}(?:/\\d{2,4})?|(?:the )?\\d{1,2}(?:st|nd|rd|th|\\.)?(?: of)? ${month}(?: \\d{4})?|${month} \\d{1,2}(?:st|nd|rd|th)?(?: \\d{4})?)`;

const future = new RegExp(
  `\\b(?:tomorrow|uebermorgen|(?:the )?(?:next|coming|following|upcoming|naechste[nrsm]?|kommende[nrsm]?) (?:${count} )?(?:${unit}|${weekday})|(?<!heute |gestern |am )morgen(?! schicht| frueh))\\b`,
  'g',
);

const past = [
  `(?:between|zwischen) ${clock} (?:and|und) ${clock}(?: this morning| heute frueh)?`,
  `(?:from|von|between|zwischen) (?:${date}|${weekday}|${month}) (?:to|until|till|through|and|bis|und)(?: zum)? (?:${date}|${weekday}|${month})`,
  `(?:from|von) ${clock} (?:to|until|till|bis) ${clock}`,
  `(?:since|seit|after|nach|before|vor|until|bis|ab) ${clock}(?= |$)(?! (?:${unit}))`,
  `(?:since|seit)(?: dem| der)? (?:(?:last|yesterday|letzte[rnm]?|gestern) ?)?(?:${date}|${weekday}|${month}|${unit}|begin of the ${unit}|anfang (?:der|des) ${unit})?`,
  `(?:since|seit|ab)(?: the| dem| der)? (?:(?:begin|beginning|start) of (?:the )?${unit}|shift start|schicht(?:beginn|anfang)|(?:tages|wochen|monats)(?:beginn|anfang))`,
  `${count} ${unit} ago`,
  `vor ${count} ${unit}`,
  `(?:the )?day before yesterday|vorgestern|(?:in )?(?:the )?(?:${unit}) before last|(?:in )?(?:der |die |den |das )?vorletzte[nrsm]? ${unit}`,
  '(?:on |at |over |am |an )?(?:the |dem |diesem )?(?:weekend|wochenende)',
  `(?:in |in den |during |for |over |ueber )?(?:the |der |die |den |das |des |dem )?(?:last|past|previous|latest|recent|preceding|letzte[nrsm]?|vergangene[nrsm]?|vorige[nrsm]?|vorherige[nrsm]?|vor|juengste[nrsm]?) (?:full |complete |completed |abgeschlossene[nrsm]? )?(?:${count} )?(?:${unit}|${weekday})`,
  `vor(?:woche|monat|tag|quartal|jahr)(?:es|s|e)?`,
  `(?:this|current|running|ongoing|diese[nrsm]?|laufende[nrsm]?|aktuelle[nrsm]?) (?:${unit}|${weekday}|morning|afternoon|evening|morgen|vormittag|nachmittag|abend)(?: so far)?`,
  '(?:yesterday|today|gestern|heute)(?: (?:morning|afternoon|evening|night|frueh|morgen|vormittag|nachmittag|abend|nacht))?(?: so far| bisher)?|tonight|this morning|last night|heute nacht',
  'right now|at the moment|at present|just now|currently|nowadays|jetzt|momentan|im moment|derzeit|gerade eben|zur zeit|so far',
  `(?:${unit} to date|mtd|ytd|wtd|qtd)`,
  `(?:calendar |kalender)?(?:weeks?|wk|cw|kw|woche) \\d{1,2}(?: \\d{4})?|kw\\d{1,2}|cw\\d{1,2}`,
  '(?:the )?(?:q[1-4]|[1-4]\\. quartal|(?:first|second|third|fourth) quarter)(?: (?:of )?\\d{4})?',
  `(?:on |am |in |im |vom )?(?:${date})`,
  `(?:on |am |last |letzten )?(?:${weekday})(?: (?:morning|afternoon|evening|night))?`,
  `(?:in |im |of |during )(?:the )?${month}(?: \\d{4})?`,
  `(?:january|february|october|december|november|september|august|januar|februar|oktober|dezember)(?: \\d{4})?`,
].map((pattern) => new RegExp(`(?<![\\w-])(?:${pattern})(?![\\w-])`, 'g'));

/** Longest text that is looked at, in characters. */
const longestText = 1000;

/**
 * A question as the second judge sees it: words, with placeholders for the plant's things (`<line>`, `<machine>` …),
 * times (`<time>`, `<future>`) and numbers (`<n>`).
 */
export function delexicalise(text: string, index: NameIndex): string[] {
  let rest = ` ${fold(text.slice(0, longestText))} `.replace(/ (?:line|linie|l) ?-?(\d+)(?= )/g, ' line $1');
  for (const pattern of past) rest = rest.replace(pattern, ' <time> ');
  rest = rest.replace(future, ' <future> ');
  rest = rest.replace(
    / (?:(?:early|late|night|morning|day|evening|first|second|third|1st|2nd|3rd) shifts?|(?:frueh|spaet|nacht|tag|mittag)schicht(?:en)?)(?= )/g,
    ' <shift>',
  );
  const words = rest
    .replace(/(?<=[a-z])-(?=[a-z])/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '');
  const tokens: string[] = [];
  for (let at = 0; at < words.length;) {
    const [placeholder, taken] = nameAt(words, at, index);
    if (placeholder !== tokens.at(-1) || !placeholder.startsWith('<')) tokens.push(placeholder);
    at += taken;
  }
  // `lines 1 and 3`: the number goes on with the kind of the first.
  return tokens.map((token, i) => {
    const first = tokens[i - 2] ?? '';
    const isEnumerated = /^(?:and|und|or|oder|vs|versus|to|bis|with|mit)$/.test(tokens[i - 1] ?? '');
    return token === '<n>' && isEnumerated && /^<(?:line|machine|product|order)>$/.test(first) ? first : token;
  });
}

/** The placeholder or word at a position, and how many words it takes. */
function nameAt(words: readonly string[], at: number, { names, prefixes, longest }: NameIndex): [string, number] {
  const word = words[at]!;
  const next = words[at + 1] ?? '';
  if (/^\d+$/.test(next) && prefixes.has(word)) return [codeOf(word, prefixes), 2];
  for (let length = Math.min(longest + 1, words.length - at); length > 0; length--) {
    const kind = names.get(
      words
        .slice(at, at + length)
        .join(' ')
        .replaceAll('-', ' '),
    );
    if (kind) return [`<${kind}>`, length];
  }
  if (word.startsWith('<')) return [word, 1];
  const [, letters, digits] = /^([a-z]+)-?(\d+)$/.exec(word) ?? [];
  if (letters !== undefined && digits !== undefined) return [codeOf(letters, prefixes), 1];
  const isNumber = /^\d+$/.test(next) || /^(?:one|two|three|four|eins|zwei|drei|vier)$/.test(next);
  if (isNumber && /^(?:lines?|linien?|lane)$/.test(word)) return ['<line>', 2];
  if (isNumber && /^(?:orders?|auftrag|wo)$/.test(word)) return ['<order>', 2];
  return [/^[\d.:/-]+$/.test(word) ? '<n>' : word.replace(/^[.:/-]+|[.:/-]+$/g, ''), 1];
}

function codeOf(letters: string, prefixes: NameIndex['prefixes']): string {
  if (/^(?:wo|po|so|fa)$/.test(letters)) return '<order>';
  return letters === 'l' ? '<line>' : `<${prefixes.get(letters) ?? 'thing'}>`;
}
