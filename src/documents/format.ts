import type { DocumentLocale, SourcedValue } from './document-model.ts';

const regional = { en: 'en-GB', de: 'de-DE' } as const;

/** Shows values as readers of a language write them; instants in one time zone. */
export function valueFormat(locale: DocumentLocale, timeZone: string): (value: SourcedValue) => string {
  const number = new Intl.NumberFormat(regional[locale], { maximumFractionDigits: 6 });
  const instant = new Intl.DateTimeFormat(regional[locale], { dateStyle: 'medium', timeStyle: 'short', timeZone });
  return (value) => {
    switch (value.kind) {
      case 'text':
        return value.value;
      case 'quantity':
        return `${number.format(value.value)} ${value.unit}`;
      case 'duration':
        return durationText(value.value, number);
      case 'instant':
        return instant.format(new Date(value.value));
    }
  };
}

/** Seconds as hours, minutes and seconds, without those that are zero. */
function durationText(seconds: number, number: Intl.NumberFormat): string {
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'min'],
    [seconds % 60, 's'],
  ] as const;
  const shown = parts.filter(([amount]) => amount > 0).map(([amount, unit]) => `${number.format(amount)} ${unit}`);
  return shown.length > 0 ? shown.join(' ') : '0 s';
}
