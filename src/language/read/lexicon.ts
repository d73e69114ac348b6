import type { Equipment, PlantModel, ShiftDefinition } from '../../plant/index.ts';
import { defectNames, machineStateNames, orderStateNames, reasonNames, translations } from './lexicon-words.ts';
import type { Language } from '../metric.ts';
import { tokenise, tokensOf } from './tokens.ts';
import type { Dimension } from '../sql/views.ts';
import { normalise } from './words.ts';

/** What the plant's database knows beside the master data. */
export interface PlantValues {
  customers: readonly string[];
  /** Ids of work requests. */
  orders: readonly string[];
}

/** What a phrase means: one thing, or all things of one dimension that share the phrase. */
export interface Meaning {
  dimension: Dimension;
  ids: readonly string[];
}

/** Everything in the plant that a question can name. */
export interface Lexicon {
  /** What tokens joined with a space mean; several meanings where two dimensions share a word. */
  find(key: string): readonly Meaning[];
  /** Words of all names, for the spelling of a question. */
  words: ReadonlySet<string>;
  /** Tokens of the longest phrase. */
  longestPhrase: number;
  /** Names of the whole site: they narrow nothing. */
  wholePhrases: ReadonlySet<string>;
  /** Ids of people, which no question may name. */
  personPhrases: ReadonlySet<string>;
  /** Phrases of each shift, for the time grammar. */
  shiftWords: readonly { shiftId: string; words: readonly string[] }[];
  /** Ids of a dimension in order, for choices. */
  known: ReadonlyMap<Dimension, readonly string[]>;
  /** How a thing is called in an answer. */
  nameOf(dimension: Dimension, id: string, language: Language): string;
}

const numberNames = ['', 'one eins', 'two zwei', 'three drei', 'four vier', 'five fuenf', 'six sechs', 'seven sieben'];
const levelNouns: Partial<Record<Dimension, readonly string[]>> = {
  line: ['line', 'lines', 'linie', 'linien', 'l', 'production line', 'produktionslinie', 'fertigungslinie'],
  machine: ['machine', 'machines', 'maschine', 'maschinen', 'anlage', 'anlagen'],
  area: ['area', 'bereich'],
  shift: ['shift', 'schicht'],
};

/** Orders by id, and by number after a word for orders. */
class OrderBook {
  readonly byId = new Map<string, string>();
  readonly byNumber = new Map<string, string[]>();

  constructor(ids: readonly string[]) {
    for (const id of ids) {
      this.byId.set(tokenise(id.toLowerCase()).join(' '), id);
      const number = /(\d+)$/.exec(id)?.[1];
      if (number !== undefined) this.byNumber.set(number, [...(this.byNumber.get(number) ?? []), id]);
    }
  }

  find(key: string): readonly Meaning[] {
    const numbered = /^(?:orders?|work orders?|wo|auftrag|auftraege|fertigungsauftrag|auftragsnummer) (\d+)$/.exec(key);
    const id = this.byId.get(key);
    const ids = id === undefined ? (this.byNumber.get(numbered?.[1] ?? '') ?? []) : [id];
    return ids.length === 0 ? [] : [{ dimension: 'order', ids }];
  }
}

class PhraseBook {
  readonly phrases = new Map<string, { dimension: Dimension; ids: string[] }[]>();

  add(dimension: Dimension, ids: readonly string[], texts: readonly string[]): void {
    for (const text of texts) {
      const key = tokensOf(text).join(' ');
      if (key === '') continue;
      const meanings = this.phrases.get(key) ?? [];
      let meaning = meanings.find((known) => known.dimension === dimension);
      if (!meaning) meanings.push((meaning = { dimension, ids: [] }));
      for (const id of ids) if (!meaning.ids.includes(id)) meaning.ids.push(id);
      this.phrases.set(key, meanings);
    }
  }
}

/**
 * The words of one plant, from its master data and order book; names in English and German. `synonyms` are the
 * plant's own further words by id. A name that several things of one dimension share means all of them.
 */
export function buildLexicon(
  model: PlantModel,
  values: PlantValues,
  synonyms: Readonly<Record<string, readonly string[]>> = {},
): Lexicon {
  const book = new PhraseBook();
  const add = (dimension: Dimension, id: string, name: string, more: readonly string[] = []) =>
    book.add(dimension, [id], [...namesOf(dimension, id, name), ...more, ...(synonyms[id] ?? [])]);
  for (const equipment of model.equipment) {
    const dimension = dimensionOf(equipment);
    if (dimension) add(dimension, equipment.equipmentId, equipment.name, classNames(equipment));
  }
  for (const material of model.materials) add('product', material.materialId, material.name);
  for (const shift of model.calendar.shifts) book.add('shift', [shift.shiftId], shiftNames(shift));
  for (const customer of values.customers)
    add('customer', customer, customer, shorterNames(customer, values.customers, model.site));
  for (const area of model.equipment.filter((each) => each.level === 'Area')) {
    const lines = model.equipment.filter(
      (each) => each.parentId === area.equipmentId && each.level === 'ProductionLine',
    );
    const [only, ...others] = lines;
    if (only && others.length === 0) book.add('line', [only.equipmentId], lineOfArea(area.name));
  }
  for (const [id, { en, de, words }] of Object.entries(reasonNames)) add('reason', id, en, [de, ...words]);
  for (const [id, { en, de, words }] of Object.entries(defectNames)) add('defect', id, en, [de, ...words]);
  for (const { states, words } of orderStateNames) book.add('order_state', states, words);
  for (const { states, words } of machineStateNames) book.add('machine_state', states, words);
  const ofLevel = (level: Equipment['level']) => model.equipment.filter((equipment) => equipment.level === level);
  const orders = new OrderBook(values.orders);
  const keys = [...book.phrases.keys()];
  const whole = [...ofLevel('Site'), ...ofLevel('Enterprise')].flatMap(({ equipmentId, name }) => [equipmentId, name]);
  return {
    find: (key) => book.phrases.get(key) ?? orders.find(key),
    words: new Set(
      [...keys, ...orders.byId.keys()].flatMap((key) => key.split(' ')).filter((word) => /^[a-z]+$/.test(word)),
    ),
    longestPhrase: Math.max(4, ...keys.map((key) => key.split(' ').length)),
    wholePhrases: new Set([...whole, model.site, model.enterprise].map((text) => tokensOf(text).join(' '))),
    personPhrases: new Set(model.persons.map((person) => tokensOf(person.personId).join(' '))),
    shiftWords: model.calendar.shifts.map((shift) => ({
      shiftId: shift.shiftId,
      words: shiftNames(shift).map(normalise),
    })),
    known: new Map<Dimension, readonly string[]>([
      ['area', ofLevel('Area').map((equipment) => equipment.equipmentId)],
      ['line', ofLevel('ProductionLine').map((equipment) => equipment.equipmentId)],
      ['machine', ofLevel('WorkUnit').map((equipment) => equipment.equipmentId)],
      ['product', model.materials.map((material) => material.materialId)],
      ['shift', model.calendar.shifts.map((shift) => shift.shiftId)],
      ['reason', Object.keys(reasonNames)],
      ['defect', Object.keys(defectNames)],
      ['customer', values.customers],
      ['order', values.orders],
    ]),
    nameOf: nameFinder(model),
  };
}

/** `Brenner` for Brenner Pumpen where no other customer begins so; `Harrow and Pike` for Harrow & Pike. */
function shorterNames(name: string, all: readonly string[], site: string): string[] {
  const firstWord = (text: string) => normalise(text).split(' ')[0] ?? '';
  const first = firstWord(name);
  const isOnly = all.filter((other) => firstWord(other) === first).length === 1;
  const spelt = name.includes('&') ? [name.replace('&', ' and '), name.replace('&', ' und ')] : [];
  return isOnly && first.length >= 5 && first !== firstWord(site) ? [...spelt, first] : spelt;
}

/** An area with one line: `the assembly line`, `Montagelinie`. */
function lineOfArea(name: string): string[] {
  return withTranslations(name.replace(/\s*area$/i, '')).flatMap((word) => [
    `${word} line`,
    `${word} linie`,
    `${word}linie`,
  ]);
}

function nameFinder(model: PlantModel): Lexicon['nameOf'] {
  const equipment = new Map(model.equipment.map(({ equipmentId, name }) => [equipmentId, name]));
  const shifts = new Map(model.calendar.shifts.map(({ shiftId, name }) => [shiftId, name]));
  return (dimension, id, language) => {
    const spoken: Record<string, { en: string; de: string } | undefined> =
      dimension === 'reason' ? reasonNames : dimension === 'defect' ? defectNames : {};
    const name = dimension === 'shift' ? shifts.get(id) : equipment.get(id);
    return spoken[id]?.[language] ?? name ?? id;
  };
}

function dimensionOf(equipment: Equipment): Dimension | undefined {
  if (equipment.level === 'Area') return 'area';
  if (equipment.level === 'ProductionLine') return 'line';
  return equipment.level === 'WorkUnit' ? 'machine' : undefined;
}

/** Machines of one class answer to its name: `the CNCs`, `all washing machines`. */
function classNames(equipment: Equipment): string[] {
  const name = equipment.equipmentClassId;
  if (name === undefined) return [];
  return withTranslations(name).flatMap((word) => [
    word,
    `${word}s`,
    `${word} machine`,
    `${word} machines`,
    `${word} maschinen`,
  ]);
}

function namesOf(dimension: Dimension, id: string, name: string): string[] {
  const named = withTranslations(name);
  const withoutId = name
    .replace(id, '')
    .replace(/\s*\d+\s*$/, '')
    .trim();
  const hasFamily = dimension === 'product' && withoutId !== '' && withoutId !== name;
  const kind = normalise(withoutId).split(' ').at(-1) ?? '';
  const family = hasFamily ? [...withTranslations(withoutId), ...withTranslations(kind)] : [];
  return [...new Set([id, ...named, ...family, ...numberedNames(dimension, id, name)])].flatMap((text) =>
    /[a-z]$/i.test(text) ? [text, `${text}s`] : [text],
  );
}

/** `Line 3` is also line three, L3, Linie 3; `WO-26010` is also order 26010. */
function numberedNames(dimension: Dimension, id: string, name: string): string[] {
  const number = /(\d+)$/.exec(name)?.[1] ?? /(\d+)$/.exec(id)?.[1];
  const nouns = levelNouns[dimension];
  if (number === undefined || !nouns) return [];
  const spoken = [number, ...(numberNames[Number(number)]?.split(' ') ?? [])].filter((word) => word !== '');
  return nouns.flatMap((noun) => spoken.map((word) => `${noun} ${word}`));
}

function shiftNames(shift: ShiftDefinition): string[] {
  const bare = shift.name.replace(/\s*(shift|schicht)$/i, '');
  const words = [...new Set([shift.shiftId, ...withTranslations(bare)])];
  const short = words.filter((word) => /^(frueh|spaet|nacht)$/.test(word)).map((word) => `${word[0]!}s`);
  return words
    .flatMap((word) => [
      `${word} shift`,
      `${word} shifts`,
      `${word}shift`,
      `${word} schicht`,
      `${word}schicht`,
      `${word}schichten`,
      `shift ${word}`,
      `schicht ${word}`,
    ])
    .concat(short);
}

const counterparts = translations.map(([en, de]) => ({
  pattern: new RegExp(`(?<![a-z])(?:${[...en, ...de].join('|')})(?![a-z])`),
  words: [...en, ...de],
}));

/** A name and its counterparts in the other language, word by word. */
function withTranslations(name: string): string[] {
  const plain = normalise(name);
  const forms = new Set([plain]);
  for (const { pattern, words } of counterparts)
    if (pattern.test(plain)) for (const word of words) forms.add(plain.replace(pattern, word));
  return [...forms];
}
