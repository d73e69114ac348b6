import { MillwrightError, readCsv } from '../../kernel/index.ts';
import { foldedWords, type Meanings } from './terms.ts';

/** Most entries of a plant's own list. */
const mostEntries = 20_000;

/**
 * Short forms that maintenance logs are full of, and German words with their English one, so that one language finds
 * the other. `term; term = meaning` in each line.
 */
const usual = `
brg; brgs; bearings; lager; waelzlager; kugellager; lg = bearing
spindellager; spindle brg = spindle bearing
lagerschaden; lagerwechsel = bearing
lagergeraeusch = bearing noise
vib; vibes; vibr; vibrating; vibrations; schwingung; schwingungen; schwing; vibration; vibriert = vibration
schwingungsalarm = vibration alarm
repl; repld; rplc; rplcd; replace; replacing; replacement; replaced; getauscht; ersetzt; gewechselt; erneuert; tauschen; austauschen; wechsel = replaced
adj; adjust; adjustment; adjusted; nachgestellt; eingestellt; justiert = adjusted
chk; chkd; ck; checked; gepr; geprueft; kontrolliert = checked
clean; cleand; cleaned; cleared; gereinigt; frei gemacht; gesaeubert = cleaned
maint; mtce; ih; instandhaltung; wartung = maintenance
mach; m c; masch; maschine; anlage = machine
mtr; motors; antrieb = motor
gbx; g box; gearbx; getriebe = gearbox
hyd; hydr; hydraulic; hydraulik; hydraulisch = hydraulic
hydraulikschlauch = hydraulic hose
hoses; schlauch; schlaeuche = hose
press; pressures; druck = pressure
druckschalter = pressure switch
temp; temps; temperatures; temperatur = temperature
spindeltemperatur = spindle temperature
elec; elect; elektrik; elektrisch = electrical
cond; zustand = condition
assy; assembly; baugruppe = assembly
u s; unserviceable; defekt; kaputt; faulty; flt; fault; stoerung; gestoert; defective = faulty
n g; nicht ok = faulty
i o; in ordnung; o k; ok = ok
leck; leckage; leckt; undicht; leaks; leaky; leaking; leak = leaking
dichtung; dichtg; dichtsatz; seals; dichtring = seal
pumpendichtung = pump seal
noisy; geraeusch; geraeusche = noise
brummen; brummt; brummend; hums; hum = humming
laut; lauter; louder = loud
mahlendes; mahlen; schleift; grinding = grinding
heiss = hot
ueberhitzt; overheated; overheating; o heat = overheat
spindel = spindle
spiel; play = play
pumpe; pmp; pumps = pump
filters; pumpenfilter = filter
verstopft; blocked; clogged; plugged; choked; zugesetzt = blocked
jam; jammed; verklemmt; klemmt; stuck; blockiert = jammed
spaenefoerderer; foerderer; conveyor; cnvr; conv = conveyor
kuehlmittel; kss; coolant; kuehlschmierstoff = coolant
kuehlmittelstand = coolant level
schmierung; geschmiert; lube; lub; greased; re greased; lubrication = lubrication
tuer; tuere; door = door
tuerschalter = door interlock
schliesst nicht; not closing = not closing
sensoren; sens; geber; sensor = sensor
achse; achsantrieb; axis drive = axis drive
referenzfahrt; ref run; reference run = reference run
quittiert; reset; rst = reset
spannfutter; futter; chuck = chuck
kontakt; contact = contact
ausgefallen; ausfall; versagt; failed; failure = failed
steht; gestoppt; stillstand = stopped
festgefressen; seized; seize = seized
spindel fest = spindle seized
oberflaeche; surface = surface
gerissen; riss; torn; cracked; crack; cracks = cracked
ausgebrochen; spalled; pitting = spalled
qs; qa; quality; qualitaet = quality
gesperrt; held; sperre = held
erstteil; first part = first part
toleranz; tolerance; tol = tolerance
korrektur; offset; korr = offset
drehzahl; speed; rpm = speed
load; belastung = load
tgl; taegl = daily
w o; auftrag = work order
`;

/** The package's own list. */
export const usualMeanings: Meanings = new Map(
  usual
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [terms = '', meaning = ''] = line.split(' = ');
      return terms.split('; ').map((term) => [term, foldedWords(meaning)] as const);
    }),
);

/**
 * The plant's own list (CSV of two columns, short form and meaning, with or without a header) on top of the usual one;
 * a row without a meaning takes a usual entry away. A damaged row is `MW_TABLE_INVALID` with its line.
 */
export function readMeanings(text: string, file: string): Meanings {
  const { records, openQuote } = readCsv(text);
  if (openQuote !== undefined)
    throw new MillwrightError('MW_TABLE_INVALID', { file, line: openQuote, reason: 'a quote is not closed' });
  if (records.length > mostEntries)
    throw new MillwrightError('MW_TABLE_INVALID', {
      file,
      line: mostEntries + 1,
      reason: `more than ${mostEntries} rows`,
    });
  const meanings = new Map(usualMeanings);
  for (const { line, cells } of records) {
    const [short = '', meaning = ''] = cells;
    const key = foldedWords(short).join(' ');
    if (line === 1 && /^(abbreviation|short|term|abkuerzung|kurzform)/.test(key)) continue;
    if (key === '') throw new MillwrightError('MW_TABLE_INVALID', { file, line, reason: 'the first cell is empty' });
    const words = foldedWords(meaning);
    if (words.length > 0) meanings.set(key, words);
    else meanings.delete(key);
  }
  return meanings;
}
