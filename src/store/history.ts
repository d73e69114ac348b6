import type { HistoryBatch, TagSample } from '../plant/index.ts';
import { appendEntry } from './audit-log.ts';
import { qualityCode } from './historian/historian.ts';
import { expireSamples } from './retention.ts';
import type { Session } from './session.ts';
import type { SqlValue } from './database.ts';
import type { Actor, AppendResult } from './store.ts';
import { writeState } from './states.ts';

/** Writes a batch of what happened in one transaction; what is there already is dropped and counted. */
export function appendHistory(session: Session, batch: HistoryBatch, actor: Actor): AppendResult {
  const { db, historian, now, retentionDays } = session;
  if (batch.samples?.length)
    historian.prepare(
      batch.samples.map(({ sourceMs }) => sourceMs),
      now,
      retentionDays,
    );
  try {
    const appended = db.transaction(() => write(session, batch, actor));
    expireSamples(session);
    return appended;
  } catch (thrown) {
    // A tag that was added went with its transaction.
    session.tagIds.clear();
    throw thrown;
  }
}

function write(session: Session, batch: HistoryBatch, actor: Actor): AppendResult {
  const { db } = session;
  const result: AppendResult = { written: 0, duplicates: 0 };
  const count = (changed: boolean) => {
    if (changed) result.written++;
    else result.duplicates++;
  };
  const insert = (table: string, columns: string[], rows: SqlValue[][]) => {
    const written = db.insertNew(table, columns, rows);
    result.written += written;
    result.duplicates += rows.length - written;
  };
  for (const state of batch.states ?? []) count(writeState(session, state));
  insert(
    'material_actual',
    ['equipment_id', 'start_ms', 'end_ms', 'job_order_id', 'material_id', 'good', 'scrap', 'rework'],
    (batch.counts ?? []).map((c) => [
      ...[c.equipmentId, c.startMs, c.endMs, c.jobOrderId ?? null, c.materialId ?? null, c.good, c.scrap, c.rework],
    ]),
  );
  insert(
    'inspection_result',
    [
      ...['inspection_id', 'equipment_id', 'material_id', 'job_order_id', 'at_ms', 'verdict'],
      ...['defect', 'value', 'unit'],
    ],
    (batch.inspections ?? []).map((i) => [
      ...[i.inspectionId, i.equipmentId, i.materialId ?? null, i.jobOrderId ?? null, i.atMs, i.verdict],
      ...[i.defect ?? null, i.value ?? null, i.unit ?? null],
    ]),
  );
  insert(
    'energy_actual',
    ['end_ms', 'equipment_id', 'start_ms', 'kwh'],
    (batch.energy ?? []).map((e) => [e.endMs, e.equipmentId, e.startMs, e.kWh]),
  );
  insert(
    'work_record',
    ['entry_id', 'equipment_id', 'at_ms', 'author', 'language', 'body'],
    (batch.maintenance ?? []).map((m) => [m.entryId, m.equipmentId, m.atMs, m.author, m.language, m.text]),
  );
  for (const g of batch.gaps ?? [])
    count(
      db.run(
        'INSERT INTO tag_gap VALUES (?, ?, ?, ?, ?) ON CONFLICT (tag, from_ms, reason) ' +
          'DO UPDATE SET backfilled = 1 WHERE excluded.backfilled > tag_gap.backfilled',
        ...[g.tag, g.fromMs, g.toMs, g.reason, g.backfilled ? 1 : 0],
      ) > 0,
    );
  const samples = batch.samples ?? [];
  const kept = writeSamples(session, samples, actor);
  result.written += kept;
  result.duplicates += samples.length - kept;
  return result;
}

function writeSamples({ db, historian, now, tagIds }: Session, samples: readonly TagSample[], actor: Actor): number {
  const added: string[] = [];
  const idOf = ({ tag, value, unit }: TagSample): number => {
    let id = tagIds.get(tag) ?? db.get<{ id: number }>('SELECT tag_id AS id FROM tag WHERE name = ?', tag)?.id;
    if (id === undefined) {
      db.run(
        'INSERT INTO tag (name, data_type, unit, row_version) VALUES (?, ?, ?, 1)',
        ...[tag, typeof value, unit ?? null],
      );
      id = db.get<{ id: number }>('SELECT tag_id AS id FROM tag WHERE name = ?', tag)?.id ?? 0;
      added.push(tag);
    }
    tagIds.set(tag, id);
    return id;
  };
  const written = historian.write(
    samples.map((sample) => ({
      tagId: idOf(sample),
      sourceMs: sample.sourceMs,
      value: sample.value,
      serverMs: sample.serverMs ?? null,
      quality: qualityCode(sample.quality),
    })),
  );
  if (added.length > 0) {
    const data = { count: added.length, tags: added.slice(0, 100) };
    appendEntry(db, now, actor, { action: 'tags.put', subject: added[0] ?? '', data });
  }
  return written;
}
