import type { Dimension } from '../sql/views.ts';

/** Whether a noun names one thing of a dimension or several. */
export interface DimensionNoun {
  dimension: Dimension;
  isPlural: boolean;
}

const list = (text: string) => text.split(/\s+/).filter((word) => word !== '');
const set = (text: string): ReadonlySet<string> => new Set(list(text));

const nouns: Partial<Record<Dimension, [one: string, many: string]>> = {
  area: ['area bereich abteilung department', 'areas bereiche bereichen abteilungen departments'],
  line: ['line linie produktionslinie fertigungslinie', 'lines linien produktionslinien fertigungslinien'],
  machine: [
    'machine equipment workstation workcenter station maschine anlage arbeitsplatz',
    'machines workstations workcenters stations maschinen anlagen arbeitsplaetze arbeitsplaetzen',
  ],
  product: [
    'product material article sku produkt artikel erzeugnis',
    'products materials articles skus produkte produkten erzeugnisse',
  ],
  order: ['order auftrag fertigungsauftrag', 'orders auftraege auftraegen fertigungsauftraege'],
  customer: ['customer client kunde kunden', 'customers clients'],
  shift: ['shift schicht', 'shifts schichten'],
  reason: [
    'reason cause grund ursache stillstandsgrund hauptgrund hauptursache',
    'reasons causes gruende gruenden ursachen stillstandsgruende stillstandsgruenden',
  ],
  defect: ['defect fehlerart defektart fehlertyp', 'fehlerarten defektarten fehlertypen'],
  hour: ['hour stunde', 'hours stunden'],
  day: ['day tag', 'days tage tagen'],
  week: ['week woche kalenderwoche', 'weeks wochen'],
  month: ['month monat', 'months monate monaten'],
};

/** Nouns of the dimensions, in both languages. */
export const dimensionNouns: ReadonlyMap<string, DimensionNoun> = new Map(
  (Object.entries(nouns) as [Dimension, [string, string]][]).flatMap(([dimension, [one, many]]) => [
    ...list(one).map((word): [string, DimensionNoun] => [word, { dimension, isPlural: false }]),
    ...list(many).map((word): [string, DimensionNoun] => [word, { dimension, isPlural: true }]),
  ]),
);

/** Words that cut by time on their own. */
export const grainWords: ReadonlyMap<string, Dimension> = new Map(
  (
    [
      ['hour', 'hourly stuendlich stuendliche stuendlichen stundenweise stundenverlauf tagesverlauf'],
      ['day', 'daily taeglich taegliche taeglichen tageweise tagweise wochenverlauf monatsverlauf'],
      ['week', 'weekly woechentlich woechentliche woechentlichen wochenweise quartalsverlauf'],
      ['month', 'monthly monatlich monatliche monatlichen monatsweise jahresverlauf'],
      ['shift', 'schichtweise shiftwise'],
      ['line', 'linienweise'],
      ['machine', 'maschinenweise'],
    ] as const
  ).flatMap(([grain, words]) => list(words).map((word) => [word, grain] as const)),
);

/** Words before a dimension's noun that ask for one value each. */
export const byWords = set('by per each every je pro nach jede jeder jedes jedem jeden');

/** Words that ask which one. */
export const whichWords = set('which what welche welcher welches welchem welchen');

/** What a superlative asks for; `best` and `worst` depend on the metric's direction. */
export type Superlative = 'high' | 'low' | 'best' | 'worst';

/** Superlatives, each by the beginning of its German forms or as the English word. */
export const superlatives: ReadonlyMap<string, Superlative> = new Map(
  (
    [
      [
        'high',
        'highest most largest biggest greatest maximum max longest top main frequent common hoechste meiste groesste laengste haeufigste hauptgrund hauptursache hauptsaechlich',
      ],
      ['low', 'lowest least fewest smallest minimum shortest bottom niedrigste wenigste geringste kleinste kuerzeste'],
      ['best', 'best beste'],
      ['worst', 'worst schlechteste schlimmste'],
    ] as const
  ).flatMap(([meaning, words]) =>
    list(words).flatMap((word) =>
      word.endsWith('ste')
        ? ['', 'n', 'r', 's', 'm'].map((ending) => [word + ending, meaning] as const)
        : [[word, meaning] as const],
    ),
  ),
);

/** Words that ask for a course over time. */
export const trendWords = set(
  'trend trends trending development develop developed evolution evolve evolved course curve verlauf entwicklung entwickelt entwickelte zeitverlauf kurve tendenz zeitreihe timeline developing evolving',
);

/** Words that compare two periods or two things. */
export const compareWords = set(
  'compare compared comparison comparing vs versus against than vergleiche vergleich verglichen vergleichen gegenueber gegen als',
);

/** Words that only mean something where two things are compared. */
export const comparativeWords = set(
  'difference change changed better worse higher lower more less increase increased decrease decreased rise risen fall fallen drop dropped improve improved unterschied veraendert veraenderung besser schlechter hoeher niedriger mehr weniger gestiegen gesunken verbessert verschlechtert',
);

/** Words that put the rows of an answer in order. */
export const orderWords: ReadonlyMap<string, 'asc' | 'desc'> = new Map([
  ...list('descending desc absteigend absteigende ranking rangliste rangfolge ranked pareto').map(
    (word) => [word, 'desc'] as const,
  ),
  ...list('ascending asc aufsteigend aufsteigende').map((word) => [word, 'asc'] as const),
]);

/** Words that leave out what is named after them. */
export const exceptWords = set(
  'except excluding exclude excl exklusive without ohne ausser ausgenommen abzueglich but',
);

/** Words that ask for the reasons of a standstill. */
export const whyWords = set('why warum weshalb wieso woran');

/** Words for using energy. */
export const consumingWords = set(
  'use used uses consume consumed consumes burn burned burnt draw drew eat ate verbraucht verbrauchte verbrauchten verbrauchen gezogen gebraucht benoetigt needed',
);

/** Words that only stress what is named after them. */
export const onlyWords = set('only just nur ausschliesslich lediglich');

/** Words for a mean, right only for ratios, which are ratios of sums. */
export const meanWords = set(
  'average avg mean durchschnitt durchschnittlich durchschnittliche durchschnittlichen durchschnittlicher mittlere mittlerer mittleren mittel schnitt',
);

/** Words that ask for the share that belongs to a count. */
export const shareWords = set('percent percentage prozent prozentual share fraction proportion anteil rate quote');

/** Words that ask for a number of things. */
export const countWords = set('many number count often times viele viel anzahl zahl oft haeufig');

/** Words that ask for a length of time. */
export const durationWords = set(
  'long time minutes hours duration lose lange zeit dauer minuten stunden lost verloren',
);

/** Whether a word says that something is due. */
export function isDueWord(word: string): boolean {
  return /^(due|faellig|faellige|faelligen|faelliger|liefertermin|termin)$/.test(word);
}

/** Words for time that was used: of other things they speak of money. */
export const spendingWords = set('spend spent spending aufgewendet aufgewandt verbracht');

/** Words that only the ratios of machine time answer: by themselves they could mean anything. */
export const efficiencyWords = set('efficient efficiently effizient');

/** Words for what is counted. */
export const partWords = set('part parts piece pieces unit units pcs teil teile teilen stueck stuecke');

/** Words that ask for the records themselves. */
export const listWords = set('list liste auflisten listing aufzaehlen');

/** Words that ask to be shown records. */
export const seeWords = set('show zeig zeige zeigen see display anzeigen nenne nennen gib give');

/** Words for the whole plant, which narrow nothing. */
export const wholeWords = set(
  'plant factory site works floor shopfloor shop total overall altogether all entire whole werk fabrik standort betrieb gesamt gesamte gesamten gesamter gesamtes insgesamt alle aller allen ganzen ganze ganzes komplette kompletter komplettes kompletten gesamtes saemtliche saemtlichen saemtlicher halle',
);

/** Words about people: their work is never ranked or reported. */
export const peopleWords = set(
  'operator operators worker workers employee employees person persons people staff who whose crew colleague colleagues bediener bedienern mitarbeiter mitarbeiterin mitarbeitern werker werkern personal wer wem wen kollege kollegen operateur',
);

/** Words that ask for the future. */
export const forecastWords = set(
  'forecast forecasts predict predicted prediction projected projection expect expected future prognose prognosen vorhersage vorhersagen prognostiziere prognostiziert voraussichtlich voraussichtliche erwartet erwartete zukunft zukuenftig kuenftig',
);

/** Imperatives that would change something, as first word of a request. */
export const writeVerbs = set(
  'set change update delete remove insert drop truncate alter create stop start restart reset release approve cancel move reschedule schedule assign book post write switch turn shut halt pause resume adjust increase reduce modify add replace stopp stoppe starte setze setz aendere loesche entferne verschiebe storniere erstelle buche genehmige schalte pausiere lege trage erhoehe reduziere plane fuege ersetze',
);

/** German infinitives that would change something, wherever they stand. */
export const writeInfinitives = set(
  'stoppen starten loeschen aendern verschieben stornieren anlegen buchen freigeben abschalten einschalten ausschalten genehmigen eintragen umplanen erhoehen reduzieren',
);

/** Words that are well spelt and mean nothing that can be answered: they are never taken for another word. */
export const foreignWords = set(
  'after afterwards under unter below above ueber nur only first second third half twice double triple missing fehlen fehlt noch minus plus almost nearly before until both either neither never always usually least few several einige mehrere niemals immer zwischen class target planned goal ziel soll cost costs price prices profit profits revenue turnover margin budget sales salary weather temperature vibration pressure speed maintenance joke recipe news why because not without except excluding other another color colour weight length safety accident accidents illness training stock inventory supplier suppliers kosten preis preise gewinn umsatz marge wetter temperatur vibration druck drehzahl warum weshalb wieso nicht ohne ausser kein keine andere witz rezept gehalt gewicht sicherheit unfall unfaelle krank krankenstand lager bestand lieferant lieferanten while whilst whereas unless life lifetime remaining keinen keinem keiner kein waehrenddessen solange falls sofern password passwort passwords table tables select from where union database tabelle datenbank meaning instead',
);

/** Words that carry no meaning of their own here. */
export const fillerWords = set(`
  a an and any are as at be been being but by can could did do does doing for from get gets give given gave got had has
  have having here how i in into is it its just kindly know let like look looking me much my need of off on or our out
  please provide quick question see shall should show so far tell that the their them there these they thing this those to
   us value values want was we were will with would you your current level figure figures kpi hello hi hey dear
  thanks thank number numbers many made make need amount calculate compute display about happen happened achieve
  achieved reach reached run ran overall each during
  am an auf aus bei beim  bitte da damit dann das dass dein dem den denn der des die dies diese dieser dieses doch du ein
  eine einem einen einer eines er es etwas fuer gab gabs gib gibt ging haben habe hast hat hatte hatten hoch hoher hohe ich
  ihr im in ist ja kannst kann koennen koenntest koennte mal man mein mich mir mit moechte nenne nenn nun ob oder sag sage schau
  sein seine sie sieht sind so bisher um und uns unser unsere unserer unserem viel viele vom von waehrend war waren was
  welche welcher welches werden wert werte wie wieviel wieviele will wir wird wurde wurden zeig zeige zu zum zur 
  hallo danke gesamtwert betrug beträgt betraegt lag liegt lagen liegen gross wissen sehen anzeigen ermittle berechne
  erreicht insgesamt anzahl zahl kennzahl high came come already schon bereits   kurz frage zeigen   perform performed aktuelle aktuellen aktueller aktuelles derzeitige derzeitigen high because caused wegen aufgrund  found gefunden lief laeuft laufen gelaufen going sich vor kam kamen vorgekommen auf traten trat aufgetreten occurred occur occurs appear appeared whats hows drauf draufgegangen insgesamte eigentlich denn gerne gern nennen mitteilen sagen angeben verrate verraten brauche brauchen wuesste interessiert interessieren tell telling interested wondering wonder if curious find out report reports data kindly d ll ve re m bericht berichts schichtbericht getrennt aufgeteilt aufgeschluesselt gegliedert gruppiert jeweils einzelnen einzelne einzeln gebraucht gives macht machen went into fiel fielen angefallen anfiel meine meint genau derzeit overview sehe shows showing given summary check look terms sowie also auch noch
`);
