import type { Language } from '../metric.ts';
import type { Dimension } from '../sql/views.ts';

const plurals: Partial<Record<Dimension, Record<Language, string>>> = {
  area: { en: 'areas', de: 'Bereiche' },
  line: { en: 'lines', de: 'Linien' },
  machine: { en: 'machines', de: 'Maschinen' },
  product: { en: 'products', de: 'Produkte' },
  customer: { en: 'customers', de: 'Kunden' },
  shift: { en: 'shifts', de: 'Schichten' },
  reason: { en: 'reasons', de: 'Gründe' },
  defect: { en: 'defects', de: 'Fehlerarten' },
};

/** Most names that a sentence holds. */
const mostNames = 8;

/**
 * What there is in place of a name that is not known, to end a sentence with: `lines are 1–4` where these are all,
 * `similar are CNC-12, CNC-13` where there are others. Empty where nothing is known or too much for a sentence.
 * @param all how many things of the dimension there are
 */
export function knownNames(
  dimension: Dimension | undefined,
  names: readonly string[],
  all: number,
  language: Language,
): string {
  if (names.length === 0 || names.length > mostNames) return '';
  const plural = dimension && names.length === all ? plurals[dimension]?.[language] : undefined;
  if (!plural) return `${language === 'de' ? 'ähnlich sind' : 'similar are'} ${names.join(', ')}`;
  return `${plural} ${language === 'de' ? 'sind' : 'are'} ${numberRange(names) ?? names.join(', ')}`;
}

/** `Line 1`, `Line 2`, `Line 3` are 1–3. */
function numberRange(names: readonly string[]): string | undefined {
  const parts = names.map((name) => /^(\D+ )(\d+)$/.exec(name));
  const [first] = parts;
  const isRun =
    names.length > 2 &&
    parts.every((part, i) => part?.[1] === first?.[1] && Number(part?.[2]) === Number(first?.[2]) + i);
  return isRun ? `${first![2]!}–${parts.at(-1)![2]!}` : undefined;
}
