import { seededRandom, type Random } from '../kernel/index.ts';
import type { MaintenanceEntry } from '../plant/index.ts';
import type { WearingPart } from './wear.ts';

/** What a log entry is about. */
export type LogSubject = `${WearingPart}-${'early' | 'late' | 'failed'}` | 'breakdown' | 'tool-supplier' | 'hold';

/** A person who writes: language and habits. */
interface Hand {
  author: string;
  language: 'en' | 'de';
  /** Writes short forms of common words. */
  abbreviates: boolean;
  /** Share of entries with a slip of the keyboard. */
  typoShare: number;
  lowerCase: boolean;
}

const hands: readonly Hand[] = [
  { author: 'OP-03', language: 'en', abbreviates: true, typoShare: 0.1, lowerCase: true },
  { author: 'OP-07', language: 'de', abbreviates: false, typoShare: 0.05, lowerCase: false },
  { author: 'OP-11', language: 'de', abbreviates: true, typoShare: 0.3, lowerCase: true },
  { author: 'OP-14', language: 'en', abbreviates: false, typoShare: 0.05, lowerCase: false },
  { author: 'OP-19', language: 'en', abbreviates: true, typoShare: 0.35, lowerCase: false },
  { author: 'OP-22', language: 'de', abbreviates: true, typoShare: 0.15, lowerCase: false },
];

/** `{m}` is the machine. */
const texts: Record<LogSubject, Record<'en' | 'de', string[]>> = {
  'bearing-early': {
    en: [
      '{m} spindle a bit louder than usual, vibration slightly up. Keep an eye on it.',
      'Light humming from {m} at high speed. Checked lubrication, ok for now.',
    ],
    de: [
      '{m}: Spindel etwas lauter als sonst, Schwingung leicht erhöht. Beobachten.',
      'Leichtes Brummen an {m} bei hoher Drehzahl. Schmierung geprüft, vorerst in Ordnung.',
    ],
  },
  'bearing-late': {
    en: [
      '{m} vibration clearly high, bearing noise at speed. Plan bearing replacement.',
      'Grinding noise from spindle bearing on {m}, housing warm. Informed maintenance.',
    ],
    de: [
      '{m}: Schwingung deutlich zu hoch, Lagergeräusch. Lagerwechsel einplanen.',
      'Mahlendes Geräusch vom Spindellager an {m}, Gehäuse warm. Instandhaltung informiert.',
    ],
  },
  'bearing-failed': {
    en: [
      '{m} stopped with vibration alarm. Spindle bearing outer race spalled. Bearing replaced, test run ok.',
      'Spindle bearing failure on {m}. Replaced bearing and seal, re-greased, checked runout.',
    ],
    de: [
      '{m} mit Schwingungsalarm ausgefallen. Spindellager Außenring ausgebrochen. Lager getauscht, Probelauf in Ordnung.',
      'Lagerschaden Spindel {m}. Lager und Dichtung ersetzt, neu geschmiert, Rundlauf geprüft.',
    ],
  },
  'spindle-early': {
    en: ['{m} spindle runs warm, load a little higher with the same program.'],
    de: ['{m}: Spindel wird warm, Last bei gleichem Programm etwas höher.'],
  },
  'spindle-late': {
    en: ['{m} spindle temperature too high, play noticeable. Surface finish getting worse.'],
    de: ['{m}: Spindeltemperatur zu hoch, Spiel spürbar. Oberfläche wird schlechter.'],
  },
  'spindle-failed': {
    en: ['{m} spindle seized. Replaced spindle cartridge, aligned and measured, machine released.'],
    de: ['{m}: Spindel fest. Spindeleinheit getauscht, ausgerichtet und vermessen, Maschine freigegeben.'],
  },
  'seal-early': {
    en: ['Small leak at pump seal of {m}, pressure still within limits.'],
    de: ['Kleine Leckage an der Pumpendichtung {m}, Druck noch in Ordnung.'],
  },
  'seal-late': {
    en: ['{m} pressure dropping, seal leaking more. Order seal kit.'],
    de: ['{m}: Druck fällt, Dichtung leckt stärker. Dichtsatz bestellen.'],
  },
  'seal-failed': {
    en: ['{m} lost pressure, seal torn. Seal kit replaced, leak test ok.'],
    de: ['{m}: Druck weg, Dichtung gerissen. Dichtsatz ersetzt, Dichtheitsprüfung in Ordnung.'],
  },
  breakdown: {
    en: [
      '{m} stopped, chuck pressure switch faulty. Cleaned contact, reset, running again.',
      'Door interlock on {m} not closing. Adjusted sensor.',
      '{m} axis drive fault, reset and reference run done.',
      'Coolant level alarm on {m}, pump filter blocked. Filter cleaned, refilled.',
      'Conveyor on {m} jammed by chips. Cleared and restarted.',
      'Hydraulic hose on {m} leaking, hose replaced.',
    ],
    de: [
      '{m} steht, Druckschalter Spannfutter defekt. Kontakt gereinigt, quittiert, läuft wieder.',
      'Türschalter {m} schließt nicht. Sensor nachgestellt.',
      '{m} Achsantrieb Störung, quittiert und Referenzfahrt gemacht.',
      'Kühlmittelstand {m} zu niedrig, Pumpenfilter verstopft. Filter gereinigt, nachgefüllt.',
      'Späneförderer {m} verklemmt. Frei gemacht und neu gestartet.',
      'Hydraulikschlauch {m} undicht, Schlauch ersetzt.',
    ],
  },
  'tool-supplier': {
    en: ['Line 3: from today inserts from the new supplier on all machines.'],
    de: ['Linie 3: ab heute Wendeplatten vom neuen Lieferanten auf allen Maschinen.'],
  },
  hold: {
    en: ['{m} held by quality, first part out of tolerance. Offset corrected.'],
    de: ['{m} von QS gesperrt, Erstteil außer Toleranz. Korrektur eingegeben.'],
  },
};

const shortForms: Record<'en' | 'de', [RegExp, string][]> = {
  en: [
    [/bearing/gi, 'brg'],
    [/vibration/gi, 'vib'],
    [/replaced/gi, 'repl'],
    [/replacement/gi, 'repl'],
    [/maintenance/gi, 'maint'],
    [/machine/gi, 'mach'],
    [/checked/gi, 'chkd'],
    [/pressure/gi, 'press'],
    [/temperature/gi, 'temp'],
  ],
  de: [
    [/Instandhaltung/g, 'IH'],
    [/in Ordnung/g, 'i.O.'],
    [/Maschine/g, 'Masch.'],
    [/Schwingung/g, 'Schwing.'],
    [/getauscht/g, 'get.'],
    [/geprüft/g, 'gepr.'],
    [/Dichtung/g, 'Dichtg.'],
    [/Temperatur|temperatur/g, 'temp.'],
  ],
};

/** The maintenance log: what people write about machines, each in their own hand. */
export class MaintenanceLog {
  private readonly random: Random;
  private readonly seed: number;

  constructor(seed: number) {
    this.seed = seed;
    this.random = seededRandom(seed, 'maintenance-log');
  }

  /** An entry on a subject at an instant, milliseconds since 1970 UTC. */
  entry(subject: LogSubject, equipmentId: string, atMs: number): MaintenanceEntry {
    const hand = this.random.pick(hands);
    const text = this.random.pick(texts[subject][hand.language]);
    return {
      entryId: `LOG-${String(this.seed)}-${equipmentId}-${String(atMs)}-${subject}`,
      equipmentId,
      atMs,
      author: hand.author,
      language: hand.language,
      text: this.inHand(hand, text.replaceAll('{m}', this.nameIn(hand, equipmentId))),
    };
  }

  private nameIn({ abbreviates }: Hand, equipmentId: string): string {
    return abbreviates && this.random.next() < 0.5 ? equipmentId.replace('-', '') : equipmentId;
  }

  private inHand(hand: Hand, text: string): string {
    let written = text;
    if (hand.abbreviates)
      for (const [word, short] of shortForms[hand.language])
        if (this.random.next() < 0.7) written = written.replace(word, short);
    if (hand.lowerCase) written = written.toLowerCase();
    return this.random.next() < hand.typoShare ? slip(this.random, written) : written;
  }
}

/** Swaps two neighbouring letters, or drops one, inside a longer word. */
function slip(random: Random, text: string): string {
  const words = [...text.matchAll(/\p{L}{5,}/gu)];
  if (words.length === 0) return text;
  const word = random.pick(words);
  const at = word.index + 1 + random.int(word[0].length - 3);
  const [a, b] = [text[at] ?? '', text[at + 1] ?? ''];
  return text.slice(0, at) + (random.next() < 0.5 ? b + a : a) + text.slice(at + 2);
}
