import { readFailureModes } from '../../../src/language/retrieval/failure-modes.ts';
import { Knowledge } from '../../../src/language/advice/knowledge.ts';
import type { WorkRecord } from '../../../src/language/advice/cases.ts';
import type { AdviceRequest } from '../../../src/language/advice/request.ts';
import { describeMeasured } from '../../../src/language/advice/measured.ts';

/** 2026-11-24 08:00 UTC. */
export const now = Date.UTC(2026, 10, 24, 8);
export const day = 86_400_000;

/** A table of three modes, one of them in two languages. */
export const table = `code,language,equipment,component,mode,cause,symptoms,signals,action,parts,skills,lockout,safety
BRG,en,cnc,Spindle bearing,Worn,Lack of grease,Humming at speed|Vibration rises,Vibration high,Replace the bearing|Run 30 minutes,Bearing 6204,Fitter,Main switch off and locked,Hot housing: wear gloves
BRG,de,cnc,Spindellager,Verschlissen,Fettmangel,Brummen bei Drehzahl|Schwingung steigt,Vibration high,Lager ersetzen|30 Minuten laufen lassen,Lager 6204,Mechaniker,Hauptschalter aus und abgeschlossen,Heißes Gehäuse: Handschuhe tragen
COOL,en,,Coolant pump,Blocked,Chips,No coolant at the tool,,Clean the filter,Filter,Operator,Pump off,
DOOR,en,,Door interlock,Does not close,Sensor moved,Door open,,Adjust the sensor,,Electrician,Main switch off and locked,Never bypass the interlock
`;

const records: [equipmentId: string, daysAgo: number, text: string, language?: 'en' | 'de'][] = [
  ['CNC-21', 60, 'Spindle humming at speed, bearing replaced, test run ok'],
  ['CNC-21', 50, 'No coolant at the tool, pump filter blocked. Filter cleaned.'],
  ['CNC-22', 40, 'Lager brummt, Spindellager getauscht', 'de'],
  ['CNC-22', 30, 'Door interlock does not close, adjusted the sensor'],
  ['CNC-22', 20, 'coolant pump blocked by chips, cleaned'],
  ['CNC-21', 15, 'brg noise, vib up, spindle brg replaced'],
];

/** Records as the log holds them. */
export const smallLog: WorkRecord[] = records.map(([equipmentId, daysAgo, text, language = 'en'], i) => ({
  entryId: `R${i}`,
  equipmentId,
  at: now - daysAgo * day,
  language,
  text,
}));

/** The small plant's knowledge; `extra` records and manuals come on top. */
export function smallKnowledge(extra: { records?: WorkRecord[]; manual?: string; table?: string } = {}): Knowledge {
  const knowledge = new Knowledge();
  knowledge.setFailureModes(readFailureModes(extra.table ?? table, 'table.csv'));
  knowledge.setClasses(new Map(['CNC-21', 'CNC-22'].map((machine) => [machine, 'cnc'])));
  knowledge.putRecords([...smallLog, ...(extra.records ?? [])].sort((a, b) => a.at - b.at));
  const manual = `## Safety\n\nWARNING: Lock out the main switch before any work.\n\n## Spindle\n\nUp to 2.8 mm/s is normal.\n`;
  knowledge.putDocument({ docId: 'manual/m.md', kind: 'manual', title: 'm.md', text: manual, language: 'en' });
  if (extra.manual !== undefined)
    knowledge.putDocument({ docId: 'manual/x.md', kind: 'manual', title: 'x.md', text: extra.manual, language: 'en' });
  return knowledge;
}

/** A question on CNC-22. */
export function ask(more: Partial<AdviceRequest> = {}): AdviceRequest {
  return { adviceId: 'A-1', asset: 'CNC-22', at: now, language: 'en', ...more };
}

/** CNC-22's vibration as daily means and of the last day, in mm/s. */
export function vibration(days: number[], recent: number, high?: number) {
  const limits = high === undefined ? {} : { high };
  const signal = { signal: 'Vibration', unit: 'mm/s', days, recent, ...limits };
  const history = { breakdowns: 1, breakdownMinutes: 30, parts: 100, rejects: 2, days: 7 };
  return describeMeasured('CNC-22', now, [signal], history, 'en');
}
