/** What people call a metric and how they ask for it, each list separated by `|`. */
export type MetricPhrases = Readonly<Record<string, { nouns: string; asks: string }>>;

/** Splits a list of phrases. */
export function listOf(text: string): string[] {
  return text
    .split('|')
    .map((phrase) => phrase.trim())
    .filter((phrase) => phrase !== '');
}
