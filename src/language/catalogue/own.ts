import { Type, type Static } from 'typebox';
import { compileCheck, MillwrightError } from '../../kernel/index.ts';
import { defaultCatalogue } from './index.ts';
import { checkMetric, checkPhrases, Metric, type Catalogue } from '../metric.ts';

const strict = { additionalProperties: false };
const Phrases = Type.Array(Type.String({ minLength: 1, maxLength: 80 }), { maxItems: 300 });

/**
 * What a plant changes in the KPI catalogue, as JSON. An entry of `metrics` with a known id changes the fields that it
 * names, one with a new id is a whole metric; `moreSynonyms` adds phrases where `synonyms` would replace them. `remove`
 * takes metrics out. `synonyms` holds the plant's own words for its things by their id (`"CNC-22": ["big lathe"]`).
 */
const OwnCatalogue = Type.Object(
  {
    metrics: Type.Optional(
      Type.Array(
        Type.Object(
          {
            ...Type.Partial(Type.Omit(Metric, ['id'])).properties,
            id: Metric.properties.id,
            moreSynonyms: Type.Optional(
              Type.Object({ en: Type.Optional(Phrases), de: Type.Optional(Phrases) }, strict),
            ),
          },
          strict,
        ),
        { maxItems: 200 },
      ),
    ),
    remove: Type.Optional(Type.Array(Type.String({ maxLength: 40 }), { maxItems: 200 })),
    synonyms: Type.Optional(Type.Record(Type.String({ maxLength: 200 }), Phrases)),
  },
  strict,
);
type OwnCatalogue = Static<typeof OwnCatalogue>;

const check = compileCheck(OwnCatalogue);

/** A plant's catalogue and its own words for its things. */
export interface PlantCatalogue {
  catalogue: Catalogue;
  synonyms: Readonly<Record<string, readonly string[]>>;
}

/**
 * Reads a plant's changes of the KPI catalogue; an empty text changes nothing. Throws `MW_CONFIG_INVALID` with the
 * pointer of what is wrong: no JSON, an unknown field, a metric that cannot be compiled, a phrase that names two.
 */
export function readOwnCatalogue(text: string): PlantCatalogue {
  if (text.trim() === '') return { catalogue: defaultCatalogue, synonyms: {} };
  const own = parse(text);
  const problem = check(own);
  if (problem) throw new MillwrightError('MW_CONFIG_INVALID', { ...problem });
  return applyOwn(own as OwnCatalogue);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MillwrightError(
      'MW_CONFIG_INVALID',
      { pointer: '/', found: text.slice(0, 60), expected: 'JSON' },
      { cause },
    );
  }
}

function applyOwn({ metrics: changes = [], remove = [], synonyms = {} }: OwnCatalogue): PlantCatalogue {
  const metrics = new Map(defaultCatalogue.metrics.map((metric) => [metric.id, metric]));
  remove.forEach((id, index) => {
    if (!metrics.delete(id)) fail(`/remove/${String(index)}`, id, 'the id of a metric');
  });
  for (const { moreSynonyms, ...change } of changes) {
    const merged: Partial<Metric> = { ...metrics.get(change.id), ...change };
    const said = merged.synonyms ?? { en: [], de: [] };
    const phrases = (language: 'en' | 'de') => [...said[language], ...(moreSynonyms?.[language] ?? [])].map(plain);
    metrics.set(change.id, { ...merged, synonyms: { en: phrases('en'), de: phrases('de') } } as Metric);
  }
  const catalogue = { version: `${defaultCatalogue.version}+own`, metrics: [...metrics.values()] };
  changes.forEach(({ id }, index) => {
    checkMetric(metrics.get(id)!, `/metrics/${String(index)}`, catalogue);
    checkPhrases(metrics.get(id)!, `/metrics/${String(index)}`, catalogue);
  });
  const orphan = catalogue.metrics.find(({ shareMetric }) => shareMetric !== undefined && !metrics.has(shareMetric));
  if (orphan) fail('/remove', orphan.shareMetric!, `kept, since ${orphan.id} needs it`);
  return { catalogue, synonyms };
}

/** A phrase as questions are compared with it: lower case, umlauts spelt out; its `*` and `?` stay. */
function plain(phrase: string): string {
  const folded: Record<string, string> = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss' };
  return phrase
    .toLowerCase()
    .replace(/[äöüß]/g, (letter) => folded[letter] ?? letter)
    .replace(/\s+/g, ' ')
    .trim();
}

function fail(pointer: string, found: string, expected: string): never {
  throw new MillwrightError('MW_CONFIG_INVALID', { pointer, found, expected });
}
