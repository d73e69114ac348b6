import assert from 'node:assert/strict';
import { sleep } from '../../src/kernel/index.ts';
import { assertExact, assertNothingLost, lossLine } from '../support/loss.ts';
import { until } from '../support/opcua.ts';
import { describeTrials, type Trial } from '../support/opcua-scenario.ts';

const cuts: Trial[] = (['reset', 'end'] as const).map((how) => ({
  name: `a cut by ${how === 'reset' ? 'reset' : 'an orderly end'}: nothing is lost`,
  async fault({ proxy, online }) {
    proxy.cut(how);
    await sleep(800);
    proxy.mend();
    await online(2);
  },
  judge: assertNothingLost,
}));

const blackHoles: Trial[] = (['both', 'toServer', 'toClient'] as const).map((direction) => ({
  name: `a black hole, direction ${direction}: nothing is lost`,
  async fault({ proxy, online }) {
    proxy.blackHole(direction);
    await sleep(800);
    proxy.mend();
    await online(2);
  },
  judge: assertNothingLost,
}));

const halfOpen: Trial[] = (['server', 'client'] as const).map((gone) => ({
  name: `a line of which the end at the ${gone} is gone and nobody says so: a new one takes its place, nothing is lost`,
  options: { periodMs: 100, holdSeconds: 30 },
  async fault({ proxy, online }) {
    proxy.halfOpen(gone);
    await online(2, 40_000);
  },
  judge: assertNothingLost,
}));

describeTrials('OPC UA faults of the link', [
  ...cuts,
  ...blackHoles,
  ...halfOpen,
  {
    name: 'a line that is slow and passes seven bytes at a time: nothing is lost',
    async fault({ proxy }) {
      proxy.slow(30, 7);
      await sleep(1_500);
    },
    judge: assertNothingLost,
  },
  {
    name: 'one cut after the other, also while it takes up again: nothing is lost',
    async fault({ proxy, online }) {
      for (const pauseMs of [20, 60, 120, 240, 480, 700]) {
        proxy.cut();
        await sleep(50);
        proxy.mend();
        await sleep(pauseMs);
      }
      await online(2);
    },
    judge: assertNothingLost,
  },
  {
    name: 'a secure channel that must be renewed every two seconds: it stays online under load, nothing is lost',
    options: { periodMs: 10, server: { channelLifetimeMs: 2_500 } },
    fault: () => sleep(7_000),
    judge(report) {
      assertNothingLost(report);
      const states = report.scenario.witness.states.map(({ state }) => state);
      assert.deepEqual(states.slice(0, states.indexOf('online') + 2), ['connecting', 'online', 'idle']);
    },
  },
  {
    name: 'a cut longer than the session lives: what is missing afterwards is the gap, no more',
    options: { server: { sessionTimeoutMs: 2_000 } },
    async fault({ server, proxy, online }) {
      proxy.cut();
      await until('session ended', () => server.sessions === 0);
      await sleep(300);
      proxy.mend();
      await online(2);
    },
    judge: assertExact,
  },
  {
    name: 'a cut longer than the queue: the gap is what the queue dropped, no more',
    options: { server: { maxQueueSize: 20 } },
    async fault({ proxy, online, counts }) {
      proxy.cut();
      await counts(80);
      proxy.mend();
      await online(2);
    },
    judge(report) {
      assert.ok(report.lost > 20, lossLine(report));
      assertExact(report);
      assert.ok(report.scenario.gaps.every(({ reason }) => reason === 'overflow'));
    },
  },
  {
    name: 'a cut longer than the subscription lives: the gap is the time without it, no more',
    options: { server: { maxLifetimeCount: 10 } },
    async fault({ proxy, online }) {
      proxy.cut();
      await sleep(2_000);
      proxy.mend();
      await online(2);
    },
    judge(report) {
      assert.ok(report.lost > 20, lossLine(report));
      assertExact(report);
      assert.ok(report.scenario.gaps.every(({ reason }) => reason === 'resubscribed'));
    },
  },
  {
    name: 'a session that is gone after the cut: the subscription moves to the next one without loss',
    async fault({ proxy, server, online }) {
      proxy.cut();
      server.dropSessions(false);
      await sleep(600);
      proxy.mend();
      await online(2);
    },
    judge: assertNothingLost,
  },
  {
    name: 'a transfer that is refused: the gap is the time until it subscribed anew, no more',
    async fault({ proxy, server, online }) {
      server.refuseTransfer(true);
      proxy.cut();
      server.dropSessions(false);
      await sleep(600);
      proxy.mend();
      await online(2);
    },
    judge(report) {
      assert.ok(report.lost > 10, lossLine(report));
      assert.equal(report.subscriptionsLeft, 1, 'the one that could not be moved lives until its lifetime ends');
      assertExact({ ...report, subscriptionsLeft: 0 });
    },
  },
]);
