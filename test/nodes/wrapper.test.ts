import assert from 'node:assert/strict';
import { coreNodes, nextMessage, withNodeRed } from '../support/helper.ts';
import probeNode, { probe } from '../support/probe-node.ts';

interface Caught {
  error: { code: string; message: string; source: { id: string } };
  payload: unknown;
  keep?: string;
}

describe('the node wrapper', () => {
  const helper = withNodeRed();
  const load = (config: object = {}) =>
    helper.load(
      [...coreNodes, probeNode],
      [
        { id: 'f', type: 'tab' },
        { id: 'p', z: 'f', type: 'mw-probe', version: 2, limit: '7', ...config, wires: [[], ['out']] },
        { id: 'c', z: 'f', type: 'catch', scope: null, wires: [['caught']] },
        { id: 'd', z: 'f', type: 'complete', scope: ['p'], wires: [['complete']] },
        ...['out', 'caught', 'complete'].map((id) => ({ id, z: 'f', type: 'helper' })),
      ],
      { p: { password: 'hunter2' } },
    );
  const caught = async () => (await nextMessage('caught')) as unknown as Caught;

  it('takes the simple form, sends a contract with its chain, keeps what is unknown and completes once', async () => {
    await load();
    const [out, complete] = [nextMessage('out'), nextMessage('complete')];
    helper.getNode('p').receive({ payload: 'hello', keep: 'me', _msgid: 'm1' });
    const message = await out;
    assert.deepEqual(message.payload, { requestId: '7' });
    assert.equal(message.keep, 'me');
    assert.equal(message._msgid, 'm1');
    assert.equal(message.topic, 'a/b');
    const mw = message.mw as Record<string, string>;
    assert.equal(mw.type, 'mw.cancel.v1');
    assert.equal(mw.source, 'p');
    assert.ok(mw.causationId && mw.correlationId === mw.causationId);
    assert.equal((await complete).keep, 'me');
  });
  for (const text of ['throw', 'reject'])
    it(`brings a handler's ${text} to the Catch node whole, with its code`, async () => {
      await load();
      const error = caught();
      helper.getNode('p').receive({ payload: text, keep: 'me' });
      const message = await error;
      assert.equal(message.error.code, 'MW_INTERNAL');
      assert.equal(message.keep, 'me');
      assert.equal(message.payload, text);
    });
  it('refuses a payload at the door with pointer, finding and expectation', async () => {
    await load();
    const error = caught();
    helper.getNode('p').receive({ payload: { text: 5 } });
    const { error: found } = await error;
    assert.equal(found.code, 'MW_PAYLOAD_INVALID');
    assert.match(found.message, /\/text/);
  });
  it('refuses a contract that it does not take, and an envelope that is none', async () => {
    await load();
    const mw = { id: '1', source: 'x', time: '2026-01-01T00:00:00Z', correlationId: '1' };
    const first = caught();
    helper.getNode('p').receive({ payload: {}, mw: { ...mw, type: 'mw.approval.v1' } });
    assert.equal((await first).error.code, 'MW_CONTRACT_UNKNOWN');
    const second = caught();
    helper.getNode('p').receive({ payload: {}, mw: 'forged' });
    assert.equal((await second).error.code, 'MW_PAYLOAD_INVALID');
  });
  it('keeps a bounded queue and refuses beyond it', async () => {
    await load();
    const codes: string[] = [];
    helper.getNode('caught').on('input', (message: Caught) => codes.push(message.error.code));
    for (let i = 0; i < 5; i++) helper.getNode('p').receive({ payload: 'slow' });
    await new Promise((resolve) => setTimeout(resolve, 600));
    assert.deepEqual(codes, ['MW_QUEUE_FULL', 'MW_QUEUE_FULL']);
  });
  it('survives a callback that rejects outside any message', async () => {
    await load();
    const out = nextMessage('out');
    helper.getNode('p').receive({ payload: 'timer' });
    await out;
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(helper.getNode('p').error.called, true);
  });
  it('says what is wrong with a setting, and answers each message with it', async () => {
    await load({ limit: 99 });
    const error = caught();
    helper.getNode('p').receive({ payload: 'hello' });
    const { error: found } = await error;
    assert.equal(found.code, 'MW_CONFIG_INVALID');
    assert.match(found.message, /\/limit.*99/);
  });
  it('migrates an old configuration', async () => {
    await load({ version: 1, max: 5, limit: undefined });
    const out = nextMessage('out');
    helper.getNode('p').receive({ payload: 'hello' });
    assert.deepEqual((await out).payload, { requestId: '5' });
  });
  it('closes what it opened: 100 redeploys leave nothing behind', async function () {
    this.timeout(60_000);
    await load();
    const { opened } = probe;
    const before = probe.opened - probe.closed;
    const flow = (n: number) => [
      { id: 'f', type: 'tab' },
      { id: 'p', z: 'f', type: 'mw-probe', version: 2, limit: 1 + (n % 5), wires: [[], ['out']] },
      { id: 'out', z: 'f', type: 'helper' },
    ];
    for (let i = 0; i < 100; i++) await helper.setFlows(flow(i), 'full');
    assert.equal(probe.opened - opened, 100);
    assert.equal(probe.opened - probe.closed, before);
  });
  it('lets no secret into the log', async () => {
    await load();
    const error = caught();
    helper.getNode('p').receive({ payload: 'throw' });
    await error;
    assert.doesNotMatch(JSON.stringify(helper.log().args), /hunter2/);
  });
});
