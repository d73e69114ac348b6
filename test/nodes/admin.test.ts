import assert from 'node:assert/strict';
import { adminRoute, deployedService, type AdminRequest } from '../../nodes/shared/admin.ts';

interface Answer {
  status: number;
  body?: unknown;
}

/** Adds one route to a Node-RED that has nothing else, and gives what asks it. */
function routeOf(method: 'get' | 'post', answer: (request: AdminRequest) => Promise<unknown>) {
  let handler: (request: object, response: object) => void = () => undefined;
  const add = (_path: string, _permission: unknown, added: typeof handler) => (handler = added);
  const RED = {
    httpAdmin: { get: add, post: add },
    auth: { needsPermission: () => undefined },
    _: (key: string) => key,
  };
  adminRoute(RED as never, method, '/millwright/test', 'mw.test', answer);
  return (contentType = 'application/json'): Promise<Answer> =>
    new Promise((resolve) => {
      const found: Answer = { status: 200 };
      const response = {
        status(code: number) {
          found.status = code;
          return response;
        },
        json(body: unknown) {
          resolve({ ...found, body });
        },
        end() {
          resolve(found);
        },
      };
      handler({ params: {}, query: {}, body: {}, is: (type: string) => type === contentType && type }, response);
    });
}

describe('a route for the editor', () => {
  it('takes from a browser only what another site cannot send unasked', async () => {
    let answered = 0;
    const post = routeOf('post', () => Promise.resolve(++answered));
    for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain', ''])
      assert.deepEqual(await post(type), { status: 415 });
    assert.equal(answered, 0);
    assert.deepEqual(await post(), { status: 200, body: 1 });
    const get = routeOf('get', () => Promise.resolve(1));
    assert.deepEqual(await get(''), { status: 200, body: 1 });
  });

  it('does a few things at once, lets some wait, and refuses the rest of a flood at once', async () => {
    const begun: (() => void)[] = [];
    const get = routeOf('get', () => new Promise((resolve) => begun.push(() => resolve('done'))));
    const answers = Array.from({ length: 1_000 }, () => get());
    const refused = await Promise.race(answers.map((answer, at) => answer.then((found) => ({ ...found, at }))));
    assert.equal(refused.status, 503);
    assert.equal((refused.body as { code: string }).code, 'MW_QUEUE_FULL');
    assert.ok(begun.length <= 8, `${begun.length} at once`);
    while (begun.length > 0) {
      begun.shift()!();
      await new Promise(setImmediate);
    }
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    const done = statuses.filter((status) => status === 200).length;
    assert.ok(done > 100 && done < 300, `${done} answered`);
    const after = get();
    begun.shift()!();
    assert.equal((await after).status, 200);
  });

  it('finds no service of another type behind a forged id', async () => {
    const node = { type: 'mw-store', mwService: Promise.resolve({ secret: 1 }) };
    const RED = { nodes: { getNode: (id: string) => (id === 'store' ? node : null) } } as never;
    assert.deepEqual(await deployedService(RED, 'mw-store', 'store'), { secret: 1 });
    for (const id of ['store', '__proto__', '../store', undefined])
      await assert.rejects(deployedService(RED, 'mw-opcua-endpoint', id), { code: 'MW_RECORD_UNKNOWN' });
  });
});
