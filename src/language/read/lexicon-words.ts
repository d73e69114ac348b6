import type { DowntimeReason } from '../../plant/index.ts';
import { openOrderStates } from '../catalogue/parts.ts';

/** Spoken names of a thing: what an answer calls it, and what else people say. */
export interface SpokenName {
  en: string;
  de: string;
  words: readonly string[];
}

/** Downtime reasons. */
export const reasonNames: Record<DowntimeReason, SpokenName> = {
  breakdown: {
    en: 'breakdown',
    de: 'Störung',
    words: [
      'breakdowns',
      'broke down',
      'break down',
      'breaks down',
      'fail',
      'failed',
      'fails',
      'ausgefallen',
      'failure',
      'failures',
      'machine failure',
      'broken',
      'stoerungen',
      'ausfall',
      'ausfaelle',
      'ausfaellen',
      'defekt',
      'maschinenausfall',
      'panne',
      'kaputt',
      'kaputtgegangen',
      'kaputt gegangen',
      'went down',
      'ausfielen',
      'pannen',
    ],
  },
  'tool-change': {
    en: 'tool change',
    de: 'Werkzeugwechsel',
    words: ['tool changes', 'changing tools', 'werkzeugwechseln'],
  },
  setup: { en: 'setup', de: 'Rüsten', words: ['setups', 'set up', 'umruesten', 'einrichten'] },
  'material-shortage': {
    en: 'material shortage',
    de: 'Materialmangel',
    words: [
      'material shortages',
      'missing material',
      'no material',
      'lack of material',
      'waiting for material',
      'starved',
      'fehlendes material',
      'fehlendem material',
      'kein material',
      'wartens auf material',
    ],
  },
  'no-operator': {
    en: 'no operator',
    de: 'fehlender Bediener',
    words: [
      'missing operator',
      'missing operators',
      'operator absence',
      'lack of operators',
      'kein bediener',
      'fehlende bediener',
      'fehlenden bediener',
      'fehlenden bedieners',
      'fehlendem bediener',
      'personalmangel',
      'fehlendes personal',
      'fehlendem personal',
    ],
  },
  cleaning: { en: 'cleaning', de: 'Reinigung', words: ['reinigen', 'putzen', 'reinigungen'] },
  'quality-hold': {
    en: 'quality hold',
    de: 'Qualitätssperre',
    words: ['quality holds', 'qualitaetssperren', 'qualitaetsstopp', 'qualitaetsproblem'],
  },
  'planned-maintenance': {
    en: 'planned maintenance',
    de: 'geplante Wartung',
    words: [
      'maintenance',
      'scheduled maintenance',
      'preventive maintenance',
      'geplanter wartung',
      'geplanten wartung',
      'wartung',
      'instandhaltung',
    ],
  },
};

/** Defects that inspections find. */
export const defectNames: Record<string, SpokenName> = {
  porosity: { en: 'porosity', de: 'Porosität', words: ['porosities', 'pores', 'poren', 'lunker'] },
  scratch: { en: 'scratch', de: 'Kratzer', words: ['scratches', 'scratched', 'kratzern'] },
  burr: { en: 'burr', de: 'Grat', words: ['burrs', 'grate', 'grates'] },
  dimension: {
    en: 'dimension',
    de: 'Maßfehler',
    words: [
      'dimensions',
      'dimensional',
      'dimensional defects',
      'out of dimension',
      'massabweichung',
      'massabweichungen',
      'massfehlern',
    ],
  },
  crack: { en: 'crack', de: 'Riss', words: ['cracks', 'cracked', 'risse', 'rissen'] },
  'missing-part': {
    en: 'missing part',
    de: 'fehlendes Teil',
    words: ['missing parts', 'fehlende teile', 'fehlenden teilen', 'fehlteil'],
  },
};

/** Words for the states of an order, each with the request states that it covers. */
export const orderStateNames: readonly { states: readonly string[]; words: readonly string[] }[] = [
  { states: openOrderStates, words: ['open', 'unfinished', 'offen', 'offene', 'offenen', 'offener', 'unfertig'] },
  { states: ['Released'], words: ['released', 'freigegeben', 'freigegebene', 'freigegebenen'] },
  {
    states: ['Running'],
    words: ['running', 'in progress', 'being made', 'laufend', 'laufende', 'laufenden', 'in arbeit'],
  },
  {
    states: ['Held', 'Paused'],
    words: ['held', 'on hold', 'paused', 'angehalten', 'angehaltene', 'angehaltenen', 'pausiert'],
  },
  {
    states: ['Completed', 'Closed'],
    words: [
      'completed',
      'finished',
      'done',
      'closed',
      'fertig',
      'fertige',
      'fertigen',
      'abgeschlossen',
      'abgeschlossene',
      'abgeschlossenen',
      'erledigt',
    ],
  },
  {
    states: ['Cancelled', 'Aborted'],
    words: ['cancelled', 'canceled', 'aborted', 'storniert', 'stornierte', 'stornierten', 'abgebrochen'],
  },
];

/** Words for the present state of a machine, each with the PackML states that it covers. */
export const machineStateNames: readonly { states: readonly string[]; words: readonly string[] }[] = [
  {
    states: ['Execute'],
    words: [
      'execute',
      'executing',
      'running',
      'laeuft',
      'laufen',
      'laufend',
      'laufende',
      'laufenden',
      'am laufen',
      'in betrieb',
    ],
  },
  {
    states: ['Idle'],
    words: ['idle', 'idling', 'leerlauf', 'im leerlauf', 'unbeschaeftigt', 'waiting', 'wartet', 'warten'],
  },
  {
    states: ['Aborting', 'Aborted', 'Clearing', 'Holding', 'Held'],
    words: [
      'down',
      'standing',
      'standing still',
      'not running',
      'steht',
      'stehen',
      'steht still',
      'stehen still',
      'stillsteht',
      'stillstehen',
      'in stoerung',
      'gestoert',
      'ausser betrieb',
      'out of order',
    ],
  },
  { states: ['Aborted', 'Aborting'], words: ['aborted', 'in fault', 'faulted', 'broken down'] },
  { states: ['Held', 'Holding'], words: ['held', 'on hold', 'angehalten'] },
  { states: ['Stopped', 'Stopping'], words: ['stopped', 'gestoppt', 'ausgeschaltet', 'switched off'] },
];

/** Words that stand in names of shifts, areas, machines and products: English, then their German counterparts. */
export const translations: readonly (readonly [en: readonly string[], de: readonly string[]])[] = [
  [['early', 'morning'], ['frueh']],
  [['late', 'evening'], ['spaet']],
  [['night'], ['nacht']],
  [['day'], ['tag']],
  [['machining'], ['zerspanung', 'bearbeitung', 'mechanische bearbeitung', 'mechanischen bearbeitung']],
  [['assembly'], ['montage']],
  [
    ['packaging', 'packing', 'pack'],
    ['verpackung', 'packerei'],
  ],
  [['paint shop'], ['lackiererei']],
  [['housing', 'casing'], ['gehaeuse']],
  [['pump'], ['pumpe', 'pumpen']],
  [['pump housing'], ['pumpengehaeuse', 'pumpengehaeusen']],
  [['impeller'], ['laufrad', 'laufraeder', 'laufraedern']],
  [['shaft'], ['welle', 'wellen']],
  [['bracket'], ['halter', 'halterung', 'halterungen', 'winkel']],
  [['saw'], ['saege', 'saegen']],
  [
    ['mill', 'milling'],
    ['fraese', 'fraesmaschine', 'fraesmaschinen'],
  ],
  [
    ['grind', 'grinder', 'grinding'],
    ['schleifmaschine', 'schleifmaschinen', 'schleifen'],
  ],
  [
    ['wash', 'washer', 'washing'],
    ['waschmaschine', 'waschanlage', 'waschanlagen', 'waschen'],
  ],
  [
    ['deburr', 'deburring'],
    ['entgraten', 'entgratmaschine', 'entgratung'],
  ],
  [['press'], ['presse', 'pressen']],
  [['asm'], ['montageplatz', 'montagestation']],
  [
    ['test', 'testing'],
    ['pruefstand', 'prueffeld', 'pruefstation'],
  ],
];
