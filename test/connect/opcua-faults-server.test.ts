import assert from 'node:assert/strict';
import { sleep } from '../../src/kernel/index.ts';
import { assertExact, assertNothingLost, lossLine } from '../support/loss.ts';
import { until } from '../support/opcua.ts';
import { describeTrials, type FaultReport, type Trial } from '../support/opcua-scenario.ts';

function assertExactLoss(report: FaultReport): void {
  assert.ok(report.lost > 0, lossLine(report));
  assertExact(report);
}
const reasons = ({ scenario: { gaps } }: FaultReport) => [...new Set(gaps.map(({ reason }) => reason))];

const restarts: Trial[] = [false, true].map((indexed) => ({
  name: `a restart with the same subscription id and shifted namespaces, nodes by ${indexed ? 'index' : 'URI'}: the gap is exact`,
  options: { indexed },
  async fault(scenario) {
    const [firstSubscriptionId] = scenario.server.subscriptionIds;
    await scenario.restart({ firstSubscriptionId: firstSubscriptionId!, namespacesBefore: ['urn:one', 'urn:two'] });
    await scenario.online(2);
    assert.deepEqual(scenario.server.subscriptionIds, [firstSubscriptionId]);
  },
  judge(report) {
    assertExactLoss(report);
    assert.deepEqual(reasons(report), ['restart']);
  },
}));

const busy = {
  CreateSession: 'BadTooManySessions',
  CreateSubscription: 'BadTooManySubscriptions',
  CreateMonitoredItems: 'BadTooManyMonitoredItems',
} as const;

describeTrials('OPC UA faults of the server', [
  ...restarts,
  {
    name: 'too many sessions, subscriptions and items after a restart: it says so, tries on, and the gap is exact',
    async fault(scenario) {
      await scenario.restart();
      for (const [request, status] of Object.entries(busy) as [keyof typeof busy, string][])
        scenario.server.refuse(request, status, 1);
      await until('refusal', () => scenario.witness.errors.some(({ message }) => message.includes('TooManySessions')));
      assert.equal(scenario.connection.state.state, 'recovering');
      await until('values again', () => scenario.gaps.length > 0, 30_000);
    },
    judge: assertExactLoss,
  },
  {
    name: 'a node that is removed and comes back: its tag alone has a gap, the others go on',
    async fault({ server, witness, absent }) {
      absent.add('C1');
      server.removeVariable('C1');
      await until('refusal', () => witness.refused.has('C1'));
      await sleep(300);
      server.addVariable('C1');
      absent.delete('C1');
      await until('values again', () => witness.gaps.length > 0);
    },
    judge(report) {
      assertExactLoss(report);
      assert.equal(report.scenario.witness.refused.get('C1')?.code, 'MW_OPCUA_TAG_REFUSED');
      assert.deepEqual(
        report.scenario.gaps.map(({ tags, reason }) => [tags, reason]),
        [[['C1'], 'resubscribed']],
      );
    },
  },
  {
    name: 'a node that is removed and comes back in a cut: its gap begins with its own last value, not with that of others',
    async fault({ server, proxy, absent, online, counts }) {
      proxy.cut();
      await sleep(500);
      absent.add('C1');
      server.removeVariable('C1');
      await sleep(300);
      server.addVariable('C1');
      absent.delete('C1');
      await counts(150);
      proxy.mend();
      await online(2);
      await sleep(6_000);
    },
    judge: assertExactLoss,
  },
  {
    name: 'notifications withheld, in the wrong order, and in many messages of one publish: nothing is lost',
    options: { server: { maxNotificationsPerPublish: 4 } },
    async fault({ server, withhold, counts }) {
      for (let round = 0; round < 4; round++) {
        await withhold(2);
        server.swapNotifications();
        await counts(15);
      }
    },
    judge: assertNothingLost,
  },
  {
    name: 'a message that is no longer available while newer ones are retained: those come, the one is the gap',
    async fault({ server, proxy, online, withhold }) {
      await withhold(1);
      server.forgetSentNotifications();
      await withhold(1);
      proxy.cut();
      await sleep(100);
      proxy.mend();
      await online(2);
    },
    judge(report) {
      assertExactLoss(report);
      assert.deepEqual(reasons(report), ['sequence']);
    },
  },
  {
    name: 'a server without Republish: what it withheld is the gap, and values go on',
    async fault({ server, withhold }) {
      server.refuse('Republish', 'BadServiceUnsupported');
      await withhold(2);
    },
    judge: assertExactLoss,
  },
  {
    name: 'publish requests refused for any reason, also with the word that there is no subscription: nothing is lost',
    async fault({ server }) {
      for (const status of ['BadTooManyPublishRequests', 'BadNoSubscription', 'BadInternalError', 'BadTimeout']) {
        server.refuse('Publish', status, 3);
        await sleep(300);
      }
      await sleep(1_000);
    },
    judge: assertNothingLost,
  },
  {
    name: 'a session that is dropped with its subscriptions: the gap is the time without them',
    async fault({ server, online }) {
      server.dropSessions(true);
      await online(2);
    },
    judge: assertExactLoss,
  },
  {
    name: 'a session that is dropped, then the server: what still waited when that was said lies in the gap as well',
    options: { publishingMs: 4_000 },
    async fault({ server, witness, restart }) {
      const known = witness.samples.length;
      await until('a publish', () => witness.samples.length > known);
      await sleep(3_500);
      server.dropSessions(false);
      await until('recovering', () => witness.states.at(-1)?.state === 'recovering');
      await restart();
    },
    judge: assertExactLoss,
  },
  {
    name: 'keep-alives that are promised only for the next thousand hours: nothing is lost',
    options: { server: { keepAliveCount: 36_000_000 } },
    async fault({ proxy, online }) {
      await sleep(300);
      proxy.cut();
      await sleep(300);
      proxy.mend();
      await online(2);
    },
    judge: assertNothingLost,
  },
]);
