import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get as httpGet } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashPassword, parsePeople, type BoardPerson } from '../../src/board/index.ts';
import { compileCheck } from '../../src/kernel/index.ts';
import { contracts } from '../../src/contracts/index.ts';
import { serveBoard, type BoardServer } from './board-server.ts';
import { send, Visit } from './client.ts';
import { memoryStore, type MemoryStore } from './memory-store.ts';
import { syntheticPlant } from './synthetic-plant.ts';

const plant = syntheticPlant();
const best = plant.set.scenarios[0]!;
const decision = {
  planId: best.plan.scheduleId,
  planDigest: best.digest,
  decision: 'approved',
  meaning: 'approved',
  reason: '',
};

describe('planning board: server', () => {
  let people: BoardPerson[];
  let uiFolder: string;
  let store: MemoryStore;
  let server: BoardServer;

  before(async () => {
    uiFolder = mkdtempSync(join(tmpdir(), 'mw-board-'));
    writeFileSync(join(uiFolder, 'index.html'), '<!doctype html><title>board</title>');
    writeFileSync(join(uiFolder, 'board.js'), `/* ${'x'.repeat(5_000)} */`);
    writeFileSync(join(uiFolder, 'board.css'), 'body{}');
    people = parsePeople(
      JSON.stringify([
        { personId: 'vera', role: 'viewer', scrypt: await hashPassword('only looking') },
        { personId: 'paul', role: 'planner', scrypt: await hashPassword('plän Straße') },
      ]),
    );
  });
  after(() => rmSync(uiFolder, { recursive: true, force: true }));

  async function start(options: { demo?: boolean } = {}): Promise<void> {
    store = memoryStore(plant);
    server = await serveBoard({ store, people, uiFolder, ...options });
  }
  afterEach(() => server.stop());

  async function logIn(personId: string, password: string): Promise<Visit> {
    const visit = await Visit.begin(server.url);
    const answer = await visit.post('api/login', { personId, password });
    assert.equal(answer.status, 200, answer.text);
    return visit;
  }

  it('shows state, set and plan to anyone, and lets nobody who is not logged in change anything', async () => {
    await start();
    const visit = await Visit.begin(server.url);
    const state = await visit.get('api/state');
    assert.equal(state.status, 200);
    assert.equal((state.json.machines as unknown[]).length, 16);
    assert.deepEqual(state.json.set, { requestId: 'REQ-1', createdAt: '2026-11-24T09:18:00.000Z', stale: false });
    const set = await visit.get('api/set/REQ-1');
    assert.equal((set.json.scenarios as unknown[]).length, 50);
    assert.ok(!set.text.includes('"entries"'), 'bodies stay in the store');
    const planView = await visit.get(`api/plan/${best.plan.scheduleId}`);
    assert.equal((planView.json.entries as unknown[]).length, 300);
    assert.equal((planView.json.lateReasons as unknown[]).length, best.lateReasons.length);
    for (const [path, body] of [
      ['api/approve', decision],
      ['api/correct-end', { eventId: 'EV-1', expectedEnd: '2026-11-24T20:00:00.000Z' }],
      ['api/regenerate', { constraints: [] }],
    ] as const) {
      const answer = await visit.post(path, body);
      assert.equal(answer.status, 403, path);
      assert.equal(answer.json.code, 'MW_BOARD_READ_ONLY');
    }
    assert.deepEqual(server.approvals, []);
    assert.deepEqual(server.requests, []);
  });

  it('lets a planner sign, sends the approval on by contract, and keeps the role of a viewer', async () => {
    await start();
    const vera = await logIn('vera', 'only looking');
    assert.equal((await vera.post('api/approve', decision)).json.code, 'MW_BOARD_READ_ONLY');
    // The same password in another Unicode normal form.
    const paul = await logIn('paul', 'plän Straße'.normalize('NFD'));
    const answer = await paul.post('api/approve', decision);
    assert.equal(answer.status, 200, answer.text);
    assert.equal(compileCheck(contracts['mw.approval.v1'])(server.approvals[0]), undefined);
    const [saved] = await store.approvalsOf(best.plan.scheduleId);
    assert.deepEqual(
      [saved?.personId, saved?.role, saved?.authenticated, saved?.planDigest, saved?.approvalId],
      ['paul', 'planner', true, best.digest, answer.json.approvalId],
    );
    const again = await paul.post('api/approve', decision);
    assert.deepEqual([again.status, again.json.code], [409, 'MW_PLAN_DECIDED']);
    assert.equal((await paul.post('api/logout', {})).status, 200);
    assert.equal((await paul.post('api/approve', decision)).json.code, 'MW_BOARD_READ_ONLY');
  });

  it('refuses what is stale, altered, unknown, or without its reason', async () => {
    await start();
    const paul = await logIn('paul', 'plän Straße');
    const refusals: [object, number, string][] = [
      [{ ...decision, planDigest: 'f'.repeat(64) }, 409, 'MW_APPROVAL_STALE'],
      [{ ...decision, planId: 'PLAN-NONE' }, 404, 'MW_PLAN_UNKNOWN'],
      [{ ...decision, decision: 'rejected', meaning: 'rejected' }, 400, 'MW_REASON_MISSING'],
      [{ ...decision, extra: 1 }, 400, 'MW_PAYLOAD_INVALID'],
    ];
    for (const [body, status, code] of refusals) {
      const answer = await paul.post('api/approve', body);
      assert.deepEqual([answer.status, answer.json.code], [status, code]);
    }
    store.inputs = 'c'.repeat(64);
    assert.equal((await paul.post('api/approve', decision)).json.code, 'MW_APPROVAL_STALE');
    server.clock.ms += 1_000;
    assert.equal(((await paul.get('api/state')).json.set as { stale: boolean }).stale, true);
    assert.deepEqual(server.approvals, []);
  });

  it('takes corrections of an end in the future alone, and asks for plans by contract', async () => {
    await start();
    const paul = await logIn('paul', 'plän Straße');
    for (const expectedEnd of ['2026-11-24T09:19:00.000Z', '2027-11-24T09:19:00.000Z'])
      assert.equal(
        (await paul.post('api/correct-end', { eventId: 'EV-1', expectedEnd })).json.code,
        'MW_BOARD_TIME_INVALID',
      );
    const unknown = await paul.post('api/correct-end', { eventId: 'EV-9', expectedEnd: '2026-11-24T20:00:00.000Z' });
    assert.deepEqual([unknown.status, unknown.json.code], [404, 'MW_RECORD_UNKNOWN']);
    await paul.post('api/correct-end', { eventId: 'EV-1', expectedEnd: '2026-11-24T20:00:00.000Z' });
    const end = Date.UTC(2026, 10, 24, 20);
    assert.deepEqual(store.events[0]?.expectedEnd, { p50: end, p90: end, basis: 'person' });
    const constraints = [{ kind: 'forbid-machine', subject: 'CNC-22' }];
    const answer = await paul.post('api/regenerate', { eventId: 'EV-1', constraints });
    const [request] = server.requests;
    assert.equal(compileCheck(contracts['mw.schedule-request.v1'])(request), undefined);
    assert.deepEqual([request?.requestId, request?.constraints], [answer.json.requestId, constraints]);
    assert.deepEqual((await paul.get('api/state')).json.search, {
      requestId: answer.json.requestId,
      done: 0,
      total: 50,
    });
  });

  it('lets the demo plant be decided on without log-in, marked, and only from this very machine', async () => {
    await start({ demo: true });
    const visit = await Visit.begin(server.url);
    const port = new URL(server.url).port;
    for (const headers of [
      { host: `plant.example:${port}`, origin: `http://plant.example:${port}` },
      { 'x-forwarded-for': '10.0.0.9' },
      { via: '1.1 proxy' },
      { 'x-real-ip': '10.0.0.9' },
      { 'x-forwarded-proto': 'https' },
    ]) {
      const answer = await visit.post('api/approve', decision, headers);
      assert.deepEqual([answer.status, answer.json.code], [403, 'MW_BOARD_READ_ONLY'], JSON.stringify(headers));
    }
    assert.equal((await visit.post('api/approve', decision)).status, 200);
    const [saved] = await store.approvalsOf(best.plan.scheduleId);
    assert.deepEqual([saved?.personId, saved?.authenticated], ['demo', false]);
  });

  it('refuses requests that another page could have sent', async () => {
    await start();
    const paul = await logIn('paul', 'plän Straße');
    for (const headers of [
      { 'x-csrf-token': '' },
      { 'x-csrf-token': 'A'.repeat(43) },
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'same-site' },
      { cookie: '' },
      { cookie: `mw_board=${'B'.repeat(32)}` },
    ]) {
      const answer = await paul.post('api/approve', decision, headers);
      assert.deepEqual([answer.status, answer.json.code], [403, 'MW_BOARD_FORGED'], JSON.stringify(headers));
    }
    const other = await Visit.begin(server.url);
    const stolen = await paul.post('api/approve', decision, { 'x-csrf-token': other.token });
    assert.equal(stolen.json.code, 'MW_BOARD_FORGED', "a token is bound to its browser's cookie");
    assert.deepEqual(server.approvals, []);
  });

  it('gives a cookie that scripts and other sites do not get, anew at log-in', async () => {
    await start();
    const visit = await Visit.begin(server.url);
    const before = visit.cookie;
    const answer = await visit.post('api/login', { personId: 'paul', password: 'plän Straße' });
    assert.match(answer.headers['set-cookie']?.[0] ?? '', /^mw_board=[\w-]{32}; HttpOnly; SameSite=Strict$/);
    assert.notEqual(visit.cookie, before);
    const proxied = await send(`${server.url}api/session`, { headers: { 'x-forwarded-proto': 'https' } });
    assert.match(proxied.headers['set-cookie']?.[0] ?? '', /; Secure$/);
  });

  it('ends a session after half an hour without a request', async () => {
    await start();
    const paul = await logIn('paul', 'plän Straße');
    server.clock.ms += 29 * 60_000;
    assert.notEqual((await paul.get('api/session')).json.person, null);
    server.clock.ms += 31 * 60_000;
    assert.equal((await paul.get('api/session')).json.person, null);
  });

  it('slows guessing down, says the same for unknown people, and never shows a hash', async () => {
    await start();
    const visit = await Visit.begin(server.url);
    const wrong = await visit.post('api/login', { personId: 'paul', password: 'x' });
    const unknown = await visit.post('api/login', { personId: 'nobody', password: 'x' });
    assert.deepEqual([unknown.status, unknown.text], [wrong.status, wrong.text]);
    assert.equal(wrong.status, 401);
    for (let attempt = 0; attempt < 3; attempt++) await visit.post('api/login', { personId: 'paul', password: 'x' });
    const limited = await visit.post('api/login', { personId: 'paul', password: 'plän Straße' });
    assert.deepEqual([limited.status, limited.json.code], [429, 'MW_BOARD_LOGIN_LIMIT']);
    assert.ok(Number(limited.headers['retry-after']) >= 1);
    server.clock.ms += 2_000;
    const late = await visit.post('api/login', { personId: 'paul', password: 'plän Straße' });
    assert.equal(late.status, 200);
    assert.ok(!late.text.includes('scrypt'));
  });

  it('reads no more than a small JSON body', async () => {
    await start({ demo: true });
    const visit = await Visit.begin(server.url);
    const attempts: [string, Record<string, string>][] = [
      [JSON.stringify({ ...decision, reason: 'x'.repeat(70_000) }), {}],
      ['{"planId":', {}],
      [JSON.stringify(decision), { 'content-type': 'text/plain' }],
      [JSON.stringify(decision), { 'content-type': 'application/jsonp' }],
    ];
    for (const [body, headers] of attempts) {
      const answer = await visit.post('api/approve', body, headers);
      assert.deepEqual([answer.status, answer.json.code], [400, 'MW_PAYLOAD_INVALID'], body.slice(0, 20));
    }
    assert.deepEqual(server.approvals, []);
  });

  it('serves its three files with a strict policy, revalidated, and no other path', async () => {
    await start();
    const page = await send(server.url);
    const policy = String(page.headers['content-security-policy']);
    assert.equal(page.status, 200);
    assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'/);
    assert.ok(!/unsafe|\*|https?:/.test(policy), policy);
    assert.deepEqual(
      [page.headers['x-content-type-options'], page.headers['referrer-policy'], page.headers['x-frame-options']],
      ['nosniff', 'no-referrer', 'SAMEORIGIN'],
    );
    const script = await send(`${server.url}board.js`, { headers: { 'accept-encoding': 'gzip' } });
    assert.equal(script.headers['content-encoding'], 'gzip');
    assert.ok(Number(script.headers['content-length']) < 500);
    const etag = script.headers.etag ?? '';
    assert.equal((await send(`${server.url}board.js`, { headers: { 'if-none-match': etag } })).status, 304);
    for (const path of [
      '../package.json',
      '..%2f..%2fpackage.json',
      '%2e%2e/package.json',
      './/etc/passwd',
      'constructor',
      'api',
      'api/plan/../../x/y',
      'api/plan/%ff',
    ]) {
      const answer = await send(server.url + path);
      assert.deepEqual([answer.status, answer.json.code], [404, 'MW_RECORD_UNKNOWN'], path);
    }
    const redirect = await send(server.url.slice(0, -1));
    assert.deepEqual([redirect.status, redirect.headers.location], [308, 'millwright/']);
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS'])
      assert.equal((await send(`${server.url}api/state`, { method })).status, 405);
  });

  it('pushes changes to open pages, and cuts them off when it closes', async () => {
    await start();
    const text = await new Promise<string>((resolve, reject) => {
      let received = '';
      httpGet(`${server.url}api/events`, (response) => {
        assert.equal(response.headers['content-type'], 'text/event-stream; charset=utf-8');
        response.on('data', (chunk: Buffer) => {
          const first = received === '';
          received += chunk.toString();
          if (first) {
            server.board.notify({ kind: 'scenarios', requestId: 'REQ-1' });
            server.board.close();
          }
        });
        response.on('end', () => resolve(received));
      }).on('error', reject);
    });
    const beat = 'event: heartbeat\ndata: {"now":"2026-11-24T09:20:00.000Z"}\n\n';
    const change = 'event: change\ndata: {"kind":"scenarios","requestId":"REQ-1"}\n\n';
    assert.equal(text, `retry: 2000\n\n${beat}${change}`);
  });

  it('opens a bounded number of streams', async () => {
    await start();
    const open = await Promise.all(
      Array.from(
        { length: 201 },
        () =>
          new Promise<number>((resolve, reject) => {
            httpGet(`${server.url}api/events`, (response) => {
              response.resume();
              response.on('error', () => undefined);
              resolve(response.statusCode ?? 0);
            }).on('error', reject);
          }),
      ),
    );
    assert.deepEqual(
      [open.filter((status) => status === 200).length, open.filter((status) => status === 503).length],
      [200, 1],
    );
  });

  it('answers 304 for a state that has not changed, and is empty on the first day', async () => {
    await start();
    const first = await send(`${server.url}api/state`);
    const second = await send(`${server.url}api/state`, { headers: { 'if-none-match': first.headers.etag ?? '' } });
    assert.deepEqual([second.status, second.text], [304, '']);
    const empty = await serveBoard({ store: memoryStore(undefined), people, uiFolder });
    try {
      const state = (await send(`${empty.url}api/state`)).json;
      assert.deepEqual([state.machines, state.orders, state.set, state.livePlanId], [[], [], null, null]);
    } finally {
      await empty.stop();
    }
  });
});

describe('planning board: people', () => {
  it('refuses lists that cannot be used, without repeating a secret', () => {
    const good = { personId: 'a', role: 'planner', scrypt: `scrypt$32768$8$3$${'s'.repeat(22)}$${'k'.repeat(43)}` };
    assert.equal(parsePeople(JSON.stringify([good])).length, 1);
    assert.deepEqual(parsePeople(' '), []);
    for (const bad of [
      'Secret-1',
      JSON.stringify([{ ...good, scrypt: 'Secret-1' }]),
      JSON.stringify([{ ...good, scrypt: { Secret: 1 } }]),
      JSON.stringify([{ ...good, role: 'admin' }]),
      JSON.stringify([good, good]),
      JSON.stringify([{ ...good, scrypt: good.scrypt.replace('32768', '4194304') }]),
    ])
      assert.throws(
        () => parsePeople(bad),
        (error: Error & { code?: string }) =>
          error.code === 'MW_CONFIG_INVALID' && !error.message.includes('Secret') && !error.message.includes('scrypt$'),
        bad,
      );
  });

  it('makes hashes that differ for the same password', async () => {
    const [one, other] = await Promise.all([hashPassword('p'), hashPassword('p')]);
    assert.notEqual(one, other);
    assert.match(one, /^scrypt\$32768\$8\$3\$/);
  });
});
