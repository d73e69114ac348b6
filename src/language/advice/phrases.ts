/** A share with its interval, as percents. */
function percents({ share, low, high }: { share: number; low: number; high: number }): string {
  const percent = (value: number) => Math.round(100 * value);
  return `${percent(share)} % (${percent(low)}–${percent(high)} %)`;
}

interface Replayed {
  cases: number;
  top1: { share: number; low: number; high: number };
  top3: { share: number; low: number; high: number };
  baseline: { share: number; low: number; high: number };
  withSigns: { cases: number; top1: { share: number; low: number; high: number } };
}

/** The words around quotes; those of advice hold no number. */
export const phrases = {
  en: {
    asked: (quote: string) => `Reported: “${quote}”`,
    record: (quote: string) => `The log says: “${quote}”`,
    name: (component: string, mode: string) => `${component}: ${mode}`,
    similar: (asset: string, quote: string) => `Similar case on ${asset}: “${quote}”`,
    signs: (quote: string) => `The failure-mode table names as a sign: ${quote}`,
    cause: (quote: string) => `Possible cause: ${quote}`,
    against: (quote: string) => `Against it: ${quote}`,
    noCase: 'No similar case in the records that may be used.',
    noMode: 'No failure mode of the table fits.',
    noTable: 'No failure-mode table is set: no modes, actions or lock-out can be named.',
    onlyUsual: 'No sign was found: the candidates are what this kind of machine usually has.',
    noSafety: 'No safety text was found for this; follow the site’s own rules.',
    noMeasured: 'No measurements of this machine were found.',
    notMeasured: (signal: string) => `${signal} is not measured on this machine, or not long enough.`,
    unclear: 'The candidates are close together: look before you order parts.',
    replayed: ({ cases, top1, top3, baseline, withSigns }: Replayed) =>
      `${cases} closed cases: first ${percents(top1)}, among the first three ${percents(top3)}; always the commonest mode ${percents(baseline)}. ` +
      `${withSigns.cases} had a sign before: first ${percents(withSigns.top1)}.`,
    headings: {
      safety: 'Safety first',
      lockout: 'Lock-out',
      symptoms: 'Symptoms',
      candidates: 'Candidates',
      steps: 'Actions',
      parts: 'Parts',
      skills: 'Skills',
      similar: 'Similar cases',
      manuals: 'From the manuals',
      unknowns: 'Not known',
      counts: (support: number, contradicting: number, closed: number) =>
        `similar cases for it: ${support}, for others: ${contradicting}; on such machines so far: ${closed}`,
    },
  },
  de: {
    asked: (quote: string) => `Gemeldet: „${quote}“`,
    record: (quote: string) => `Im Protokoll steht: „${quote}“`,
    name: (component: string, mode: string) => `${component}: ${mode}`,
    similar: (asset: string, quote: string) => `Ähnlicher Fall an ${asset}: „${quote}“`,
    signs: (quote: string) => `Die Fehlertabelle nennt als Anzeichen: ${quote}`,
    cause: (quote: string) => `Mögliche Ursache: ${quote}`,
    against: (quote: string) => `Dagegen spricht: ${quote}`,
    noCase: 'Kein ähnlicher Fall in den Aufzeichnungen, die verwendet werden dürfen.',
    noMode: 'Keine Fehlerart der Tabelle passt.',
    noTable:
      'Es ist keine Fehlertabelle eingestellt: Fehlerarten, Maßnahmen und Freischaltung können nicht genannt werden.',
    onlyUsual: 'Es gibt kein Anzeichen: Die Kandidaten sind, was Maschinen dieser Art üblicherweise haben.',
    noSafety: 'Dazu wurde kein Sicherheitshinweis gefunden; es gelten die Regeln des Standorts.',
    noMeasured: 'Zu dieser Maschine wurden keine Messwerte gefunden.',
    notMeasured: (signal: string) => `${signal} wird an dieser Maschine nicht oder noch nicht lange genug gemessen.`,
    unclear: 'Die Kandidaten liegen nahe beieinander: erst nachsehen, dann Teile bestellen.',
    replayed: ({ cases, top1, top3, baseline, withSigns }: Replayed) =>
      `${cases} abgeschlossene Fälle: an erster Stelle ${percents(top1)}, unter den ersten drei ${percents(top3)}; immer die häufigste Fehlerart ${percents(baseline)}. ` +
      `${withSigns.cases} hatten vorher ein Anzeichen: an erster Stelle ${percents(withSigns.top1)}.`,
    headings: {
      safety: 'Sicherheit zuerst',
      lockout: 'Freischalten',
      symptoms: 'Symptome',
      candidates: 'Kandidaten',
      steps: 'Maßnahmen',
      parts: 'Teile',
      skills: 'Qualifikation',
      similar: 'Ähnliche Fälle',
      manuals: 'Aus den Handbüchern',
      unknowns: 'Nicht bekannt',
      counts: (support: number, contradicting: number, closed: number) =>
        `ähnliche Fälle dafür: ${support}, für andere: ${contradicting}; an solchen Maschinen bisher: ${closed}`,
    },
  },
} as const;
