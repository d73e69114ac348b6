import * as ua from 'node-opcua-client';
import assert from 'node:assert/strict';
import { openAllowList } from '../../src/connect/index.ts';
import { parseNodeId } from '../../src/connect/opcua/node-ids.ts';
import type { SessionLink } from '../../src/connect/opcua/session-link.ts';
import type { AllowListRow } from '../../src/contracts/index.ts';

const core = 'http://opcfoundation.org/UA/';
const linkOf = (...others: string[]) => ({ ua, namespaces: [core, ...others] }) as unknown as SessionLink;
const link = linkOf('urn:server', 'urn:plc', 'http://opcfoundation.org/UA/Safety');
const write = (rows: AllowListRow[], nodeId: string, on = link) => {
  const found = openAllowList(rows).mayWrite(on, ua.coerceNodeId(nodeId));
  return typeof found === 'string' ? found : 'allowed';
};

describe('the allow list', () => {
  it('is empty unless somebody filled it', () => {
    assert.equal(write([], 'ns=2;s=Speed'), 'BadNotAllowed');
  });
  it('means one node exactly, by index or by namespace, however it is spelled', () => {
    const byIndex: AllowListRow[] = [{ kind: 'write', nodeId: 'ns=2;s=Speed' }];
    const byUri: AllowListRow[] = [{ kind: 'write', nodeId: 'nsu=urn:plc;s=Speed' }];
    for (const rows of [byIndex, byUri]) {
      assert.equal(write(rows, 'ns=2;s=Speed'), 'allowed');
      assert.equal(write(rows, 'ns=2;s=speed'), 'BadNotAllowed');
      assert.equal(write(rows, 'ns=2;s=Speed2'), 'BadNotAllowed');
      assert.equal(write(rows, 'ns=1;s=Speed'), 'BadNotAllowed');
    }
    assert.equal(write([{ kind: 'write', nodeId: 'ns=2;i=0017' }], 'ns=2;i=17'), 'allowed');
    assert.equal(write([{ kind: 'write', nodeId: 'ns=2;s=*' }], 'ns=2;s=Speed'), 'BadNotAllowed');
    assert.equal(write([{ kind: 'write', nodeId: 'nsu=urn:gone;s=Speed' }], 'ns=2;s=Speed'), 'BadNotAllowed');
  });
  it('a row that says never wins over any other, alone or as the beginning of ids', () => {
    const allowed: AllowListRow = { kind: 'write', nodeId: 'ns=2;s=Guard/Door' };
    for (const never of [
      'ns=2;s=Guard/Door',
      'nsu=urn:plc;s=Guard/Door',
      'ns=2;s=Guard/*',
      'ns=2;*',
      'nsu=urn:plc;*',
      'nsu=urn:pl*',
      '*',
      'ns=2;g=not-a-guid',
    ])
      for (const rows of [
        [allowed, { kind: 'never', nodeId: never } as const],
        [{ kind: 'never', nodeId: never } as const, allowed],
      ])
        assert.equal(write(rows, 'ns=2;s=Guard/Door'), 'BadNeverWritable', never);
    for (const never of ['ns=2;s=Guard', 'ns=1;*', 'ns=2;s=guard/*', 'i=*', 'nsu=urn:gone;*', 'ns=9;*'])
      assert.equal(write([allowed, { kind: 'never', nodeId: never }], 'ns=2;s=Guard/Door'), 'allowed', never);
    assert.equal(
      write(
        [
          { kind: 'write', nodeId: 'i=2258' },
          { kind: 'never', nodeId: 'i=22*' },
        ],
        'i=2258',
      ),
      'BadNeverWritable',
    );
  });
  it('nodes of OPC UA Safety are never touched, whatever stands in the list', () => {
    const rows: AllowListRow[] = [
      { kind: 'write', nodeId: 'ns=3;i=1' },
      { kind: 'call', objectId: 'ns=3;i=2', nodeId: 'ns=2;s=Start' },
    ];
    assert.equal(write(rows, 'ns=3;i=1'), 'BadNeverWritable');
    const list = openAllowList(rows);
    assert.equal(list.mayCall(link, ua.coerceNodeId('ns=3;i=2'), ua.coerceNodeId('ns=2;s=Start')), 'BadNeverWritable');
  });
  it('a method is allowed on its object only, and a row for writing allows no call', () => {
    const list = openAllowList([
      { kind: 'call', objectId: 'ns=2;s=CNC-12', nodeId: 'ns=2;s=Start', high: 5 },
      { kind: 'write', nodeId: 'ns=2;s=Stop' },
    ]);
    const call = (object: string, method: string) =>
      list.mayCall(link, ua.coerceNodeId(object), ua.coerceNodeId(method));
    const row = call('ns=2;s=CNC-12', 'ns=2;s=Start');
    assert.ok(typeof row !== 'string' && row.high === 5 && row.low === -Infinity);
    assert.equal(call('ns=2;s=CNC-13', 'ns=2;s=Start'), 'BadNotAllowed');
    assert.equal(call('ns=2;s=CNC-12', 'ns=2;s=Stop'), 'BadNotAllowed');
    assert.equal(list.mayWrite(link, ua.coerceNodeId('ns=2;s=Start')), 'BadNotAllowed');
  });
  it('an index keeps meaning its namespace after a restart has shifted the indices', () => {
    const list = openAllowList([
      { kind: 'write', nodeId: 'ns=2;s=Speed' },
      { kind: 'never', nodeId: 'ns=1;s=Door' },
    ]);
    const may = (on: SessionLink, nodeId: string) => typeof list.mayWrite(on, ua.coerceNodeId(nodeId)) !== 'string';
    assert.ok(may(link, 'ns=2;s=Speed'));
    const shifted = linkOf('urn:server', 'urn:new', 'urn:plc');
    assert.ok(may(shifted, 'ns=3;s=Speed'));
    assert.ok(!may(shifted, 'ns=2;s=Speed'));
  });
  it('a row gives its number at once and then one each share of a minute; the first of two rows counts', () => {
    let now = 1_000;
    const list = openAllowList(
      [
        { kind: 'write', nodeId: 'ns=2;s=Speed', perMinute: 3 },
        { kind: 'write', nodeId: 'ns=2;s=Speed', perMinute: 100 },
        { kind: 'write', nodeId: 'ns=2;s=Default' },
      ],
      () => now,
    );
    const takes = (nodeId: string, times: number) =>
      Array.from({ length: times }, () => {
        const row = list.mayWrite(link, ua.coerceNodeId(nodeId));
        return typeof row !== 'string' && row.rate.take();
      });
    assert.deepEqual(takes('ns=2;s=Speed', 5), [true, true, true, false, false]);
    assert.deepEqual(takes('ns=2;s=Default', 7).filter(Boolean).length, 6);
    now += 19_999;
    assert.deepEqual(takes('ns=2;s=Speed', 1), [false]);
    now += 1;
    assert.deepEqual(takes('ns=2;s=Speed', 2), [true, false]);
    now += 3_600_000;
    assert.deepEqual(takes('ns=2;s=Speed', 4), [true, true, true, false]);
  });
});

describe('the text of a node id', () => {
  it('means the node that it names, or none', () => {
    const parse = (text: string) => String(parseNodeId(link, text));
    for (const [text, means] of [
      ['ns=2;s=Speed', 'ns=2;s=Speed'],
      ['ns=2;s= Stra\u00dfe;=\u202e', 'ns=2;s= Stra\u00dfe;=\u202e'],
      ['ns=02;i=007', 'ns=2;i=7'],
      ['ns=2;b=YWI=', 'ns=2;b=YWI='],
      ['ns=2;b=YWI', 'ns=2;b=YWI='],
      ['ns=2;g=72962b91-fa75-4ae6-8d28-b404dc7daf63', 'ns=2;g=72962B91-FA75-4AE6-8D28-B404DC7DAF63'],
    ] as const)
      assert.equal(parse(text), means);
    for (const text of [
      'ns=2;s=Speed\nGuard',
      'ns=2;s=Speed\n',
      'ns=2;s=Speed\u2028Guard',
      'ns=2;b=!!!!',
      'ns=2;b=YWI=\n',
      'ns=65538;s=Speed',
      'ns=2;i=4294967296',
      'ns=2;g=Speed',
      ' ns=2;s=Speed',
      'NS=2;s=Speed',
      'svr=1;ns=2;s=Speed',
      'ns=2;S=Speed',
      'ns=\u0662;s=Speed',
      '',
    ])
      assert.equal(parse(text), 'BadNodeIdInvalid', JSON.stringify(text));
    assert.equal(parse('nsu=urn:gone;s=Speed'), 'BadNodeIdUnknown');
  });
});
