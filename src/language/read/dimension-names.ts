import type { Language } from '../metric.ts';
import type { Dimension } from '../sql/views.ts';

const dimensionNames: Record<Dimension, Record<Language, string>> = {
  area: { en: 'area', de: 'Bereich' },
  line: { en: 'line', de: 'Linie' },
  machine: { en: 'machine', de: 'Maschine' },
  product: { en: 'product', de: 'Produkt' },
  order: { en: 'order', de: 'Auftrag' },
  order_state: { en: 'order state', de: 'Auftragsstatus' },
  customer: { en: 'customer', de: 'Kunde' },
  shift: { en: 'shift', de: 'Schicht' },
  reason: { en: 'reason', de: 'Grund' },
  defect: { en: 'defect', de: 'Fehlerart' },
  machine_state: { en: 'machine state', de: 'Maschinenzustand' },
  duration_min: { en: 'duration in minutes', de: 'Dauer in Minuten' },
  hour: { en: 'hour', de: 'Stunde' },
  day: { en: 'day', de: 'Tag' },
  week: { en: 'week', de: 'Woche' },
  month: { en: 'month', de: 'Monat' },
};

/** A dimension's name for people. */
export function dimensionName(dimension: Dimension, language: Language): string {
  return dimensionNames[dimension][language];
}
