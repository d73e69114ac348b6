/** A metric of the plant's own, made of the parts that there are. */
export const goodPerHour = {
  id: 'good_per_hour',
  name: { en: 'Good parts per machine hour', de: 'Gutteile je Maschinenstunde' },
  synonyms: { en: ['Good-part pace'], de: ['Gutteiltempo', 'Läuferzahl'] },
  unit: { en: 'parts/h', de: 'Teile/h' },
  direction: 'higher',
  definition: { en: 'Good parts by machine hours.', de: 'Gutteile je Maschinenstunde.' },
  numerator: { view: 'kpi_count', measure: 'sum', columns: ['good'] },
  denominator: { view: 'kpi_state', measure: 'seconds' },
  share: false,
  scale: 3600,
  dimensions: ['line', 'machine', 'day'],
  bounds: { min: 0, max: 10000 },
  decimals: 1,
  workedTime: true,
  defaultPeriod: 'today',
};
