import { patterns, weekdayNumber } from './time/words.ts';

/** What is written short on the shop floor, by what it stands for: `lfd` for laufende, `wk` for week. */
const longForms: ReadonlyMap<string, string> = new Map(
  (
    [
      ['laufende', 'lfd lfde lfden lfder'],
      ['aktuelle', 'akt aktl'],
      ['letzte', 'ltz lzt letz lz ltzt lztn letzt'],
      ['vorletzte', 'vorl'],
      ['gestern', 'gest gstrn gestrn'],
      ['vorgestern', 'vorgest'],
      ['vergleich', 'vgl vergl'],
      ['durchschnittliche', 'durchschn'],
      ['maschine', 'masch'],
      ['maschinen', 'maschn'],
      ['auftrag', 'auftr'],
      ['linie', 'lin'],
      ['schicht', 'scht'],
      ['anzahl', 'anz'],
      ['stueck', 'stk stck'],
      ['inklusive', 'inkl incl'],
      ['exklusive', 'exkl excl'],
      ['stillstand', 'stillst stst'],
      ['ausbringung', 'ausbr'],
      ['ausschuss', 'aussch auss'],
      ['verfuegbarkeit', 'verf verfueg'],
      ['reject', 'rej'],
      ['rejects', 'rejs'],
      ['downtime', 'dt dwntm'],
      ['availability', 'avail'],
      ['performance', 'perf'],
      ['last week', 'lw'],
      ['this week', 'tw'],
      ['last month', 'lm'],
      ['changeovers', 'cos'],
      ['shift', 'shft sft'],
      ['yesterday', 'yday yest ystd ystdy'],
      ['last', 'lst'],
      ['week', 'wk'],
      ['weeks', 'wks'],
      ['month', 'mth mnth'],
      ['months', 'mths'],
      ['quarter', 'qtr'],
      ['previous', 'prev'],
      ['current', 'curr'],
      ['machine', 'mach'],
      ['machines', 'machs'],
      ['versus', 'vs'],
      ['night', 'nite'],
      ['please', 'pls plz'],
      ['you', 'u'],
      ['number', 'num'],
      ['quantity', 'qty'],
      ['because', 'bc'],
      ['production', 'prod'],
    ] as const
  ).flatMap(([long, short]) => short.split(' ').map((word) => [word, long] as const)),
);

const weekday = patterns.weekday;

/** `Monday night` is that day's night shift. */
const night = new RegExp(`\\b${weekday} ?(?:night|nacht)( (?!shift|schicht)|$)`, 'g');

/** `Nacht von Montag auf Dienstag` is the night shift of Monday. */
function nightBetween(whole: string, first: string, next: string): string {
  const isNext = weekdayNumber(first) > 0 && weekdayNumber(next) === (weekdayNumber(first) % 7) + 1;
  return isNext ? `nachtschicht ${first}` : whole;
}

const compares =
  /\b(rise|rose|risen|fall|fell|fallen|drop|dropped|change|changed|increase|increased|decrease|decreased|improve|improved|difference|develop|developed|gestiegen|gesunken|veraendert|veraenderung|unterschied|verbessert|verschlechtert|entwickelt)\b/;

/** `risen from last week to this week` compares the two; without such a word it is a stretch. */
function changeBetween(whole: string, first: string, unit: string, second: string, _at: number, text: string): string {
  return compares.test(text) ? `${second} ${unit} versus ${first} ${unit}` : whole;
}

/** Spells out the abbreviations of a normalised question. */
export function spellOut(text: string): string {
  return text
    .split(' ')
    .map((word) => longForms.get(word) ?? word)
    .join(' ')
    .replace(/\b(week|month|quarter|year|day|shift) (?:on|over|to) \1\b/g, '$1 on $1')
    .replace(/\b(?:wow)\b/g, 'week on week')
    .replace(/\b(?:mom)\b/g, 'month on month')
    .replace(/\b(?:dod)\b/g, 'day on day')
    .replace(/\b(spaet|nacht)( heute| gestern| vorgestern)\b(?! \w*schicht)/g, '$1schicht$2')
    .replace(/\b(gestern|vorgestern) spaet\b(?! \w*schicht)/g, '$1 spaetschicht')
    .replace(/\bheutige[nrms]? (?=\w*schicht)/g, 'heute ')
    .replace(/\b(?:broken|split|break|splitted) (?:it |them |this )?down (?=by |per |nach )/g, '')
    .replace(
      /\b(?:split|grouped|divided|aufgeteilt|aufgeschluesselt|gegliedert|gruppiert|getrennt|verteilt) (?=by |per |nach |je |pro )/g,
      '',
    )
    .replace(/(?<!(?:to|of|reason|for|from|with|by) )\bbreakdown (?=by |per )/g, '')
    .replace(/\bbreakdown of (?=.* (?:by|per) )/g, '')
    .replace(/\b(tag|woche|monat|stunde|schicht|day|week|month|hour|shift) (?:fuer|by|nach|for|after) \1\b/g, 'per $1')
    .replace(
      /(^| )(?:split|verteilung|aufteilung|aufschluesselung|aufstellung|uebersicht|distribution) (?=.* (?:by|per|nach|je|pro) )/g,
      '$1',
    )
    .replace(
      /^(?:(?:good |guten )?(?:morning|afternoon|evening|morgen|tag|abend|day)|moin|servus|mahlzeit) (?=.* )/,
      '',
    )
    .replace(/\b(?:come|came|comes|amount|amounts|amounted) to\b/g, '')
    .replace(/\b(burn|burned|burnt|eat|ate) through\b/g, '$1')
    .replace(/\b(?:unter den|unter allen|among the|amongst the|among all|out of all) /g, '')
    .replace(/(^|\b(?:please|you|me|us|kindly) )break down (?=.* (?:by|per) )/g, '$1')
    .replace(/(^|\b(?:please|you|me|us|kindly) )break (?!down)(.+) down (?=(?:by|per) )/g, '$1$2 ')
    .replace(/(^|\b(?:please|you|me|us|kindly) )rank (?:the |all |our )?(\w+) (?=by |on |according )/g, '$1ranking $2 ')
    .replace(
      /\b(?:schon |bereits )?seit (\d{1,3}|zwei|drei|vier|fuenf|sechs|sieben|acht|zehn|zwoelf|vierzehn) (stunden|schichten|tagen|wochen|monaten)\b/g,
      'in den letzten $1 $2',
    )
    .replace(/\b(wie (?:oft|haeufig)) fiel(?:en)? (.+?) aus\b/g, '$1 $2 ausgefallen')
    .replace(
      /\b(?:from|von|vom) (last|previous|letzte[rnms]?) (week|month|quarter|year|woche|monat|quartal|jahr) (?:to|auf|zu|zum) (?:the )?(this|current|diese[rnms]?|aktuelle[rnms]?)(?: \2)?(?= |$)/g,
      changeBetween,
    )
    .replace(night, '$1 nachtschicht$2')
    .replace(
      /\b(?:nacht|nachtschicht|night|night shift) (?:von|vom|of|from) (\w+) (?:auf|zum|to|into) (?:den )?(\w+)\b/g,
      nightBetween,
    );
}
