import type { ActionLog } from '../../src/connect/index.ts';

interface Noted {
  action: string;
  subject: string;
  data: Record<string, unknown> & { stage: string };
}

/** An audit log in memory; it can be told to fail and to inhibit. */
export class Log implements ActionLog {
  notes: Noted[] = [];
  failsAt: string | undefined;
  inhibited = false;
  noteAction = (note: { action: string; subject: string; data: Record<string, unknown> }): Promise<void> => {
    const noted = structuredClone(note) as Noted;
    if (noted.data.stage === this.failsAt) return Promise.reject(new Error('disk full'));
    this.notes.push(noted);
    return Promise.resolve();
  };
  writeInhibit = () => Promise.resolve(this.inhibited ? { reason: 'test', source: 'test' } : undefined);
  get stages(): string[] {
    return this.notes.map(({ data }) => data.stage);
  }
}
