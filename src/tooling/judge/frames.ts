/**
 * What surrounds a metric's phrase in each language. `N` is the metric, `M` and `L` others, `@` a place, `WHO` the one
 * that did it, `WHEN` a time, `DIM`/`DIMS` a dimension's noun in singular and plural, `A`/`B` two things of one kind.
 */
export interface Frames {
  places: readonly string[];
  actors: readonly string[];
  times: readonly string[];
  /** The word between two of them. */
  and: string;
  /** Two things of one dimension. */
  pairs: readonly (readonly [dimension: string, a: string, b: string])[];
  /** Nouns of the dimensions: singular, plural. */
  nouns: readonly (readonly [dimension: string, one: string, many: string])[];
  openings: readonly string[];
  closings: readonly string[];
  value: readonly string[];
  breakdown: readonly string[];
  enumeration: readonly string[];
  trend: readonly string[];
  /** Courses that name their grain: grain, frames. */
  grains: readonly (readonly [grain: string, frames: string])[];
  top: readonly string[];
  compareTimes: readonly string[];
  compareThings: readonly string[];
  several: readonly string[];
}

const list = (text: string) => text.split('|').map((each) => each.trim());

export const englishFrames: Frames = {
  places: list(
    'on line 3|of line 1|on cnc-22|of cnc-31|for ph-100|at wash-14|in assembly|for line 2|of line 4|line 3|cnc-12|at line 2|for im-50|in machining|in the machining area|on the late shift|in the night shift|during the early shift|on line 1 in the late shift|for customer aqua systems|of sh-20|across the plant|in the plant|on press-41|on machine cnc-22|for product ph-200|in total|overall|for the whole site|of order wo-26010|on all lines|of the cncs|for all machines|for pump housings|of the impellers|here|night shift|late shift line 2|early shift|last night shift|l3|l2|for brenner|ns|es|of the assembly line|on the assembly line|except line 2|without line 3',
  ),
  actors: list(
    'line 3|cnc-22|we|line 1|the plant|press-41|the night shift|assembly|machine cnc-31|you guys|test-43|the late shift|the machining area|the whole factory|line 2|the team on line 4|our lines',
  ),
  times: list(
    'yesterday|last shift|last week|this week|today|last month|in october|on friday|since monday|in the last 7 days|over the past 24 hours|this month|in week 47|on 21 november|between 6 and 8 this morning|yesterday in the night shift|in q3|two days ago|last night|this quarter|so far today|during the last three shifts|right now|in the last shift|for the previous shift|this year|last friday|from monday to wednesday|in the past two weeks|month to date|yday|lw|in september 2026|in may|at the weekend|the week before last|last wk|wk 47|this wk|tdy',
  ),
  and: 'and',
  pairs: [
    ['line', 'line 1', 'line 2'],
    ['line', 'lines 1', '3'],
    ['line', 'line 3', 'line 4'],
    ['machine', 'cnc-12', 'cnc-13'],
    ['product', 'ph-100', 'ph-200'],
    ['shift', 'the early shift', 'the late shift'],
    ['area', 'machining', 'assembly'],
    ['product', 'im-50', 'im-80'],
    ['machine', 'cnc-21', 'cnc-31'],
  ],
  nouns: [
    ['line', 'line', 'lines'],
    ['machine', 'machine', 'machines'],
    ['shift', 'shift', 'shifts'],
    ['product', 'product', 'products'],
    ['product', 'article', 'parts types'],
    ['area', 'area', 'areas'],
    ['customer', 'customer', 'customers'],
    ['order', 'order', 'orders'],
    ['reason', 'reason', 'reasons'],
    ['machine', 'station', 'stations'],
    ['area', 'department', 'departments'],
    ['line', 'production line', 'production lines'],
  ],
  openings: list(
    '|||||please |show me |tell me |give me |can you tell me |i need |what about |hi, |quick question: |do you know |could you show me |i want to see |let me see |hey, |good morning, |my boss wants to know |quick one: ',
  ),
  closings: list('||||||please|thanks|thanks a lot|thank you|?|asap|in total|for me|overall'),
  value: list(
    'N @ WHEN|N @ WHEN|N WHEN @|what was the N @ WHEN|what is the N @ WHEN|what were our N @ WHEN|how high was the N @ WHEN|how was N @ WHEN|N|show N @ WHEN|give me the N @ WHEN|@ N WHEN|WHEN N @|what was our N WHEN|tell me the N @ WHEN|what did N look like @ WHEN|current N @|total N @ WHEN|average N @ WHEN|how many N @ WHEN|how much N @ WHEN|how many N did WHO have WHEN|the N WHEN please|N @|N WHEN|how is N @ WHEN|what N did WHO have WHEN|level of N @ WHEN|do you have the N @ WHEN|what did WHO have in N WHEN|check N @ WHEN|N value @ WHEN|N figures WHEN|how do we stand on N @ WHEN|N except line 3 WHEN|N excluding cnc-22 WHEN|N without the night shift WHEN|all lines but line 2: N WHEN|N @ not counting the weekend WHEN|N on all lines apart from line 4 WHEN',
  ),
  breakdown: list(
    'N by DIM @ WHEN|N per DIM @ WHEN|N for each DIM @ WHEN|N of every DIM WHEN|N broken down by DIM @ WHEN|N split by DIM WHEN|N for all DIMS WHEN individually|show N by DIM @ WHEN|DIM wise N WHEN|what was the N of each DIM WHEN|how is N distributed over the DIMS WHEN|N across DIMS WHEN|WHEN N by DIM|list N per DIM WHEN|N for the different DIMS WHEN|how did each DIM do on N WHEN|N grouped by DIM @ WHEN|give me N for each DIM, WHEN|N of the individual DIMS @ WHEN|which DIMS had N WHEN',
  ),
  enumeration: list('N of A and B WHEN|N for A and B WHEN|N A, B WHEN|N on A and on B WHEN|N of A and of B @ WHEN'),
  trend: list(
    'N trend @ WHEN|trend of N @ WHEN|how has N developed @ WHEN|how did N develop @ WHEN|N over time @ WHEN|course of N @ WHEN|N history @ WHEN|development of N @ WHEN|plot N @ WHEN|chart of N @ WHEN|show N as a curve @ WHEN|evolution of N @ WHEN|how is N trending @ WHEN|N curve @ WHEN',
  ),
  grains: [
    [
      'day',
      'daily N @ WHEN|N by day @ WHEN|N per day @ WHEN|N each day @ WHEN|N day by day @ WHEN|N for every day WHEN',
    ],
    ['hour', 'hourly N @ WHEN|N by hour @ WHEN|N per hour @ WHEN as a chart|N hour by hour @ WHEN'],
    ['week', 'weekly N @ WHEN|N by week @ WHEN|N per week @ WHEN|N week by week @ WHEN|N for each week WHEN'],
    ['month', 'monthly N @ WHEN|N by month @ WHEN|N per month @ WHEN|N month by month @ WHEN'],
  ],
  top: list(
    'which DIM had the highest N WHEN|which DIM has the lowest N WHEN|which DIM had the most N WHEN|which DIM had the least N WHEN|top 3 DIMS by N WHEN|worst 5 DIMS by N WHEN|best DIM by N WHEN|DIM with the highest N WHEN|DIMS with the most N WHEN|which DIMS have the worst N WHEN|what DIM has the best N @ WHEN|rank DIMS by N WHEN|top DIMS for N WHEN|the DIM with the lowest N WHEN|which 5 DIMS have the highest N WHEN|highest N by DIM WHEN|where was N highest by DIM WHEN|which DIM is best on N WHEN|which DIM was worst for N WHEN|bottom three DIMS by N WHEN',
  ),
  compareTimes: list(
    'N @ WHEN compared to WHEN|N @ WHEN vs WHEN|compare N @ WHEN with WHEN|is N @ better WHEN than WHEN|N WHEN against WHEN @|did N @ improve WHEN compared with WHEN|how does N @ WHEN compare to WHEN|N @ WHEN versus the week before|was N higher WHEN than WHEN @|difference in N @ between WHEN and WHEN|N week on week @|N month over month @|N @ WHEN compared with the day before|change of N @ WHEN against WHEN|has N gone up WHEN compared to WHEN|N week over week|N month on month @|N month on month for line 4|N week on week WHEN|N year on year @|N WHEN versus WHEN|N in october versus september',
  ),
  compareThings: list(
    'compare N of A and B WHEN|N A vs B WHEN|N of A compared to B WHEN|is N of A higher than of B WHEN|compare A and B by N WHEN|difference in N between A and B WHEN|did A have more N than B WHEN|N of A versus B WHEN|A or B: which had better N WHEN',
  ),
  several: list(
    'N and M @ WHEN|N, M @ WHEN|both N and M @ WHEN|N as well as M @ WHEN|show me N and M @ WHEN|N plus M @ WHEN|what were N and M @ WHEN|N and M by DIM WHEN|N & M @ WHEN|N together with M @ WHEN|N, M and L @ WHEN|N, M and L by DIM WHEN|how much N and how much M did WHO have WHEN|how many N did WHO make WHEN and how many M|total N and M @ WHEN',
  ),
};

export const germanFrames: Frames = {
  places: list(
    'auf linie 3|von linie 1|an der cnc-22|der cnc-31|für ph-100|an wash-14|in der montage|für linie 2|der linie 4|linie 3|cnc-12|bei linie 2|für im-50|in der zerspanung|in der spätschicht|in der nachtschicht|während der frühschicht|auf linie 1 in der spätschicht|für kunde aqua systems|von sh-20|im werk|im ganzen werk|an press-41|an maschine cnc-22|beim produkt ph-200|insgesamt|gesamt|am standort|bei auftrag wo-26010|auf allen linien|der cncs|aller maschinen|bei pumpengehäusen|bei den laufrädern|hier|bei uns|an der presse|der wellen|nachtschicht|spätschicht linie 2|frühschicht|letzte nachtschicht|l3|l2|fs|ss|ns|der montagelinie|außer linie 2|ohne linie 3',
  ),
  actors: list(
    'linie 3|die cnc-22|wir|linie 1|das werk|die presse|die nachtschicht|die montage|maschine cnc-31|test-43|die spätschicht|die linie 2|die zerspanung|unser werk|die anlage cnc-22|der betrieb|die frühschicht',
  ),
  times: list(
    'seit 2 wochen|seit drei tagen|gestern|letzte schicht|in der letzten schicht|letzte woche|diese woche|heute|letzten monat|im oktober|am freitag|seit montag|in den letzten 7 tagen|in den vergangenen 24 stunden|diesen monat|in kw 47|am 21.11.|zwischen 6 und 8 uhr heute früh|gestern in der nachtschicht|im q3|vor zwei tagen|vorgestern|dieses quartal|heute bisher|während der letzten drei schichten|gerade|im letzten monat|dieses jahr|letzten freitag|von montag bis mittwoch|in den letzten zwei wochen|seit anfang des monats|heute morgen|momentan|kw47|letzte wo|im september 2026|im mai|am wochenende|vorletzte woche|gest.|vorige woche',
  ),
  and: 'und',
  pairs: [
    ['line', 'linie 1', 'linie 2'],
    ['line', 'linien 1', '3'],
    ['line', 'linie 3', 'linie 4'],
    ['machine', 'cnc-12', 'cnc-13'],
    ['product', 'ph-100', 'ph-200'],
    ['shift', 'der frühschicht', 'der spätschicht'],
    ['area', 'zerspanung', 'montage'],
    ['product', 'im-50', 'im-80'],
    ['machine', 'cnc-21', 'cnc-31'],
  ],
  nouns: [
    ['line', 'linie', 'linien'],
    ['machine', 'maschine', 'maschinen'],
    ['shift', 'schicht', 'schichten'],
    ['product', 'produkt', 'produkte'],
    ['product', 'artikel', 'artikel'],
    ['area', 'bereich', 'bereiche'],
    ['customer', 'kunde', 'kunden'],
    ['order', 'auftrag', 'aufträge'],
    ['reason', 'grund', 'gründe'],
    ['machine', 'anlage', 'anlagen'],
    ['area', 'abteilung', 'abteilungen'],
    ['line', 'fertigungslinie', 'fertigungslinien'],
  ],
  openings: list(
    '|||||bitte |zeig mir |sag mir |gib mir |kannst du mir sagen |ich brauche |was ist mit |hallo, |kurze frage: |weißt du |könntest du zeigen |ich möchte sehen |nenne mir |moin, |guten morgen, kurze frage: |mich würde interessieren |ich hätte gern |der chef will wissen ',
  ),
  closings: list('||||||bitte|danke|vielen dank|vielen dank im voraus|danke schön|?|insgesamt|für mich|mal'),
  value: list(
    'N @ WHEN|N @ WHEN|N WHEN @|wie hoch war die N @ WHEN|wie hoch ist der N @ WHEN|wie war N @ WHEN|was war N @ WHEN|wie hoch waren die N @ WHEN|N|zeige N @ WHEN|gib mir die N @ WHEN|@ N WHEN|WHEN N @|wie viel N @ WHEN|wie viele N @ WHEN|sag mir die N @ WHEN|wie sieht N @ aus WHEN|aktuelle N @|gesamte N @ WHEN|durchschnittliche N @ WHEN|wie groß war N @ WHEN|wie viele N hatte WHO WHEN|wie viel N hatte WHO WHEN|N @|N WHEN|wie steht N @ WHEN|welche N hatte WHO WHEN|stand N @ WHEN|wie viel N gab es @ WHEN|wie viele N gab es @ WHEN|hat WHO N WHEN|was macht die N @ WHEN|N wert @ WHEN|anzahl N @ WHEN|summe N @ WHEN|N außer linie 3 WHEN|N ohne cnc-22 WHEN|N ohne die nachtschicht WHEN|alle linien außer linie 2: N WHEN|N aller linien bis auf linie 4 WHEN',
  ),
  breakdown: list(
    'N nach DIM @ WHEN|N pro DIM @ WHEN|N je DIM @ WHEN|N für jede DIM WHEN|N aufgeteilt nach DIM @ WHEN|N aller DIMS einzeln WHEN|zeige N je DIM @ WHEN|N der einzelnen DIMS WHEN|wie verteilt sich N auf die DIMS WHEN|N über die DIMS WHEN|WHEN N nach DIM|N gruppiert nach DIM @ WHEN|gib mir N pro DIM WHEN|N aufgeschlüsselt nach DIM @ WHEN|N für die verschiedenen DIMS WHEN|N pro DIM bitte WHEN|wie war N je DIM WHEN|welche DIMS hatten N WHEN',
  ),
  enumeration: list(
    'N von A und B WHEN|N für A und B WHEN|N A, B WHEN|N auf A und auf B WHEN|N bei A und bei B @ WHEN',
  ),
  trend: list(
    'verlauf N @ WHEN|verlauf der N @ WHEN|entwicklung der N @ WHEN|wie hat sich N entwickelt @ WHEN|N im zeitverlauf @ WHEN|trend der N @ WHEN|N trend @ WHEN|N historie @ WHEN|N als kurve @ WHEN|zeige den verlauf von N @ WHEN|wie entwickelt sich N @ WHEN|N über die zeit @ WHEN|tendenz der N @ WHEN|N als diagramm @ WHEN',
  ),
  grains: [
    [
      'day',
      'tägliche N @ WHEN|N nach tag @ WHEN|N pro tag @ WHEN|N je tag @ WHEN|N tag für tag @ WHEN|N für jeden tag WHEN|N täglich @ WHEN|N tageweise @ WHEN',
    ],
    ['hour', 'stündliche N @ WHEN|N nach stunde @ WHEN|N stündlich @ WHEN|N je stunde @ WHEN als diagramm'],
    [
      'week',
      'wöchentliche N @ WHEN|N nach woche @ WHEN|N pro woche @ WHEN|N je woche @ WHEN|N wochenweise @ WHEN|N je kalenderwoche WHEN',
    ],
    ['month', 'monatliche N @ WHEN|N nach monat @ WHEN|N pro monat @ WHEN|N je monat @ WHEN|N monatsweise @ WHEN'],
  ],
  top: list(
    'welche DIM hatte die höchste N WHEN|welche DIM hat die niedrigste N WHEN|welche DIM hatte die meisten N WHEN|welche DIM hatte am wenigsten N WHEN|top 3 DIMS nach N WHEN|die 5 schlechtesten DIMS nach N WHEN|beste DIM nach N WHEN|DIM mit der höchsten N WHEN|DIMS mit den meisten N WHEN|welche DIMS haben die schlechteste N WHEN|welche DIM hat die beste N @ WHEN|rangliste der DIMS nach N WHEN|welcher DIM hatte den meisten N WHEN|die DIM mit der niedrigsten N WHEN|welche 5 DIMS haben die höchste N WHEN|höchste N nach DIM WHEN|wo war N am höchsten je DIM WHEN|welche DIM war am schlechtesten bei N WHEN|welcher DIM hatte den höchsten N WHEN|welches DIM hatte die größte N WHEN',
  ),
  compareTimes: list(
    'N @ WHEN im vergleich zu WHEN|N @ WHEN gegenüber WHEN|vergleiche N @ WHEN mit WHEN|ist N @ WHEN besser als WHEN|N WHEN gegen WHEN @|hat sich N @ WHEN verbessert gegenüber WHEN|wie verhält sich N @ WHEN zu WHEN|N @ WHEN verglichen mit der vorwoche|war N WHEN höher als WHEN @|unterschied der N @ zwischen WHEN und WHEN|N WHEN zum vormonat @|N @ WHEN und davor im vergleich|veränderung der N @ WHEN gegenüber WHEN|ist N WHEN gestiegen gegenüber WHEN|N im vergleich zum vormonat @|N woche zu woche @|N WHEN versus WHEN|N diese woche gegenüber letzter woche|N WHEN vs WHEN @',
  ),
  compareThings: list(
    'vergleiche N von A und B WHEN|N A gegen B WHEN|N von A im vergleich zu B WHEN|ist N von A höher als von B WHEN|vergleiche A und B nach N WHEN|unterschied der N zwischen A und B WHEN|hat A mehr N als B WHEN|N A vs B WHEN|A oder B: wer hatte bessere N WHEN',
  ),
  several: list(
    'N und M @ WHEN|N, M @ WHEN|sowohl N als auch M @ WHEN|N sowie M @ WHEN|zeige N und M @ WHEN|N plus M @ WHEN|wie waren N und M @ WHEN|N und M nach DIM WHEN|N & M @ WHEN|N zusammen mit M @ WHEN|N, M und L @ WHEN|N, M und L nach DIM WHEN|wie viel N und wie viel M hatte WHO WHEN|N sowie anzahl M je DIM WHEN|gesamt N und M @ WHEN',
  ),
};
