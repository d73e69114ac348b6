import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BackTest } from '../../../src/contracts/index.ts';
import { compileCheck, type Logger } from '../../../src/kernel/index.ts';
import {
  backTest,
  openAdvisor,
  type AdvicePorts,
  type Advisor,
  type AdviceSources,
} from '../../../src/language/index.ts';
import { embeddedStore, postgresStore, type StoreForTest } from '../../store/contract/open-for-test.ts';
import { actor } from '../../store/plant.ts';
import { postgresIsInstalled, startPostgres, type PostgresServer } from '../../store/postgres-server.ts';
import { simplePdf } from './simple-pdf.ts';
import { day, now, smallLog, table } from './small-knowledge.ts';

const hour = 3_600_000;

function advisorSuite(this: Mocha.Suite, openStoreForTest: StoreForTest): void {
  this.timeout(60_000);
  const held = openStoreForTest();
  const folder = mkdtempSync(join(tmpdir(), 'mw-advice-'));
  const warnings: string[] = [];
  const logger: Logger = { debug() {}, info() {}, warn: (text) => void warnings.push(text), error() {} };
  let failureModes = table;
  let ports: AdvicePorts;
  let advisor: Advisor;
  const open = (more: Partial<AdvicePorts> = {}, sources: AdviceSources = {}) =>
    openAdvisor(
      { ...ports, ...more },
      { failureModes: () => Promise.resolve({ text: failureModes, file: 'table.csv' }), folder, ...sources },
      logger,
    );
  const ask = (question?: string) => ({
    asset: 'CNC-22',
    at: now,
    language: 'en' as const,
    ...(question === undefined ? {} : { question }),
  });

  before(async () => {
    const { store } = held;
    ports = {
      query: (sql, parameters) => store.query(sql, parameters),
      aggregates: (...args) => store.aggregates(...args),
      model: () => store.loadPlantModel(),
    };
    const maintenance = smallLog.map(({ at: atMs, ...entry }) => ({ ...entry, atMs, author: 'OP-01' }));
    const states = smallLog.flatMap(({ equipmentId, at }) => [
      { equipmentId, state: 'Stopped' as const, reason: 'breakdown' as const, start: at - hour },
      { equipmentId, state: 'Execute' as const, start: at },
    ]);
    const samples = Array.from({ length: 22 * 24 }, (_, i) => ({
      tag: 'line-2/CNC-22/Vibration',
      value: 1.2 + 0.02 * (i % 5) + (i > 21 * 24 ? 3 : 0),
      unit: 'mm/s',
      quality: 'good' as const,
      sourceMs: now - 22 * day + i * hour,
    }));
    await store.appendHistory({ maintenance, states, samples }, actor);
    await store.appendHistory(
      { samples: samples.map((sample, i) => ({ ...sample, tag: 'line-2/CNC-22/Good', value: i })) },
      actor,
    );
    writeFileSync(join(folder, 'pump.pdf'), simplePdf(['WARNING: lock out the pump before opening.']));
    writeFileSync(join(folder, 'broken.pdf'), 'nothing');
    advisor = open();
  });
  after(async () => {
    await advisor.close();
    rmSync(folder, { recursive: true });
  });

  it('measures, finds and advises; a counter is no symptom, a damaged manual leaves the others alone', async () => {
    const advice = await advisor.advise(ask());
    assert.equal(advice.candidateModes[0]?.code, 'BRG');
    assert.equal(advice.candidateModes[0].sensor, 'supports');
    assert.match(advice.symptoms[0]?.text ?? '', /^Vibration higher than usual: 4\.2\d? mm\/s/);
    assert.equal(advice.symptoms.length, 1);
    assert.equal(advice.safety[0]?.text, 'WARNING: lock out the pump before opening.');
    assert.deepEqual(warnings.filter((text) => text.includes('broken.pdf')).length, 1);
    await advisor.advise(ask());
    assert.deepEqual(warnings.filter((text) => text.includes('broken.pdf')).length, 1);
  });
  it('similar cases by plain words, the best first, at most so many', async () => {
    const [first, ...others] = await advisor.searchCases('Lager brummt', 2);
    assert.equal(others.length, 1);
    assert.deepEqual([first?.caseId, first?.code, first?.isClosed], ['R2', 'BRG', true]);
    assert.deepEqual(await advisor.searchCases('xylophone', 5), []);
  });
  it('a damaged table is an error with its line', async () => {
    failureModes = 'code,component,mode\nA,,c\n';
    const other = open();
    await assert.rejects(other.advise(ask()), {
      code: 'MW_TABLE_INVALID',
      params: { file: 'table.csv', line: 2, reason: 'component is empty' },
    });
    failureModes = table;
    assert.equal((await other.advise(ask('spindle humming'))).candidateModes[0]?.code, 'BRG');
    await other.close();
  });
  it('finds by meaning where there is an endpoint, and goes on by words where it fails', async () => {
    const asked: string[] = [];
    const embed = (texts: readonly string[]) => {
      asked.push(...texts);
      return Promise.resolve(
        texts.map((text) => Float32Array.from([text.includes('oor') || text.includes('gate') ? 1 : 0, 1])),
      );
    };
    const meaning = open({ embed });
    assert.equal((await meaning.searchCases('gate', 1))[0]?.caseId, 'R3');
    assert.ok(asked.includes(smallLog[3]!.text));
    await meaning.close();
    const failing = open({ embed: () => Promise.reject(new Error('away')) });
    assert.equal((await failing.searchCases('door', 1))[0]?.caseId, 'R3');
    assert.ok(warnings.some((text) => text.includes('without embeddings')));
    await failing.close();
  });
  it('a back-test hides each outcome, says its rates with intervals, and can be stopped', async () => {
    const seen: [number, number][] = [];
    const result = await backTest(advisor, ports, {
      requestId: 'B',
      cases: 100,
      language: 'en',
      onProgress: (...at) => void seen.push(at),
    });
    assert.equal(compileCheck(BackTest)(result), undefined);
    assert.equal(result.cases, 6);
    assert.ok(result.top3.count >= result.top1.count && result.top3.low < result.top3.share && result.top3.high <= 1);
    // The first of each kind cannot be known: nothing like it was closed before.
    assert.ok(result.top1.count < 6);
    assert.equal(
      result.byMode.reduce((sum, { cases }) => sum + cases, 0),
      6,
    );
    assert.deepEqual(seen.at(-1), [6, 6]);
    const stop = new AbortController();
    stop.abort();
    await assert.rejects(
      backTest(advisor, ports, { requestId: 'B', cases: 100, language: 'en', signal: stop.signal }),
      {
        code: 'MW_ABORTED',
      },
    );
  });
}

describe('advice: over SQLite, in its own thread', function () {
  advisorSuite.call(this, embeddedStore);
});

(postgresIsInstalled ? describe : describe.skip)('advice: over PostgreSQL', function () {
  let server: PostgresServer;
  before(async () => (server = await startPostgres()));
  after(() => server.stop());
  advisorSuite.call(
    this,
    postgresStore(() => server),
  );
});
