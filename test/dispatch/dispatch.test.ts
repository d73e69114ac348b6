import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Notification, PlanChange, Staging } from '../../src/contracts/index.ts';
import { openDispatch, type Dispatch, type DispatchOptions } from '../../src/dispatch/index.ts';
import { compileCheck, MillwrightError } from '../../src/kernel/index.ts';
import type { ApprovalRecord, OutboxCommand } from '../../src/store/index.ts';
import { jobOrders, livePlan, now, proposedPlan, scenario, scenarioSet } from '../trust/small-plant.ts';
import { MemoryStore } from './memory-store.ts';

const minute = 60_000;
const inputs = 'a'.repeat(64);
const moved = ['WO-26001/10', 'WO-26002/10'];
const fastRetry = { attempts: 3, firstDelayMs: 1, maxDelayMs: 2, limitMs: 200 };

function plant(change: (store: MemoryStore) => void = () => undefined): MemoryStore {
  const store = new MemoryStore();
  store.inputs = inputs;
  store.set = scenarioSet(inputs);
  for (const plan of [livePlan(), proposedPlan()]) store.schedules.set(plan.scheduleId, plan);
  store.liveId = 'PLAN-LIVE';
  for (const entry of livePlan().entries)
    store.rows.set(entry.jobOrderId, {
      jobOrderId: entry.jobOrderId,
      equipmentId: entry.equipmentId,
      plannedStart: entry.start,
      plannedEnd: entry.end,
      dispatchStatus: 'Waiting',
      rowVersion: 4,
    });
  change(store);
  sign(store);
  return store;
}

function sign(store: MemoryStore, change: Partial<ApprovalRecord> = {}): void {
  const approval: ApprovalRecord = {
    approvalId: 'APP-1',
    planId: 'PLAN-1',
    planDigest: store.set!.scenarios[0]!.digest,
    decision: 'approved',
    meaning: 'approved',
    personId: 'P-1',
    role: 'planner',
    authenticated: true,
    reason: '',
    signedAt: now,
    ...change,
  };
  store.approvals.set(approval.approvalId, approval);
}

function dispatchOf(store: MemoryStore, options: Partial<DispatchOptions> = {}): Dispatch {
  return openDispatch({
    store: store.asStore(),
    clock: { now: () => now + minute },
    nodeId: 'dispatch-1',
    highestMode: () => 'write',
    changeLimit: 10,
    retry: fastRetry,
    ...options,
  });
}

async function refusal(promise: Promise<unknown>): Promise<MillwrightError> {
  try {
    await promise;
  } catch (thrown) {
    assert.ok(thrown instanceof MillwrightError, String(thrown));
    return thrown;
  }
  return assert.fail('was not refused');
}

/** What must not have happened after a refusal. */
function assertUntouched(store: MemoryStore): void {
  assert.equal(store.liveId, 'PLAN-LIVE');
  assert.deepEqual(
    [...store.rows.values()].map((row) => row.rowVersion),
    Array(6).fill(4),
  );
  assert.equal(store.stagingRows.size, 0);
}

describe('carrying out an approved plan', () => {
  it('enters each changed job once, publishes, stages, notifies, and says what became live', async () => {
    const store = plant();
    const result = await dispatchOf(store).carryOut('APP-1');
    assert.equal(result.outcome, 'published');
    assert.equal(result.refusal, undefined);
    assert.equal(store.liveId, 'PLAN-1');
    for (const entry of proposedPlan().entries) {
      const row = store.rows.get(entry.jobOrderId)!;
      assert.deepEqual(
        [row.equipmentId, row.plannedStart, row.plannedEnd, row.rowVersion],
        [entry.equipmentId, entry.start, entry.end, moved.includes(entry.jobOrderId) ? 5 : 4],
      );
    }
    assert.equal(compileCheck(PlanChange)(result.planChange), undefined);
    assert.deepEqual(result.planChange?.jobs, [
      { jobOrderId: moved[0], equipmentId: 'CNC-21', start: '2026-11-24T09:10:00.000Z', result: 'acknowledged' },
      { jobOrderId: moved[1], equipmentId: 'CNC-21', start: '2026-11-24T09:40:00.000Z', result: 'acknowledged' },
    ]);
    assert.equal(compileCheck(Staging)(result.staging[0]), undefined);
    assert.deepEqual(
      [...store.stagingRows.values()].map((r) => [r.planId, r.lotId, r.quantity, r.status]),
      [['PLAN-1', 'LOT-7', 30, 'open']],
    );
    assert.deepEqual(result.notifications.map((n) => n.recipients.role).sort(), [
      'operator',
      'supervisor',
      'warehouse',
    ]);
    for (const note of result.notifications) assert.equal(compileCheck(Notification)(note), undefined);
  });

  it('believes a decision that nobody logged in for only while a demo plant lives in the store', async () => {
    const store = plant();
    sign(store, { authenticated: false });
    const refused = await refusal(dispatchOf(store).carryOut('APP-1'));
    assert.equal(refused.code, 'MW_APPROVAL_UNAUTHENTICATED');
    assertUntouched(store);
    assert.equal((await dispatchOf(store, { demo: () => true }).carryOut('APP-1')).outcome, 'published');
  });

  it('keeps with the publication what would take it back', async () => {
    const store = plant();
    const { undo } = await dispatchOf(store).carryOut('APP-1');
    assert.deepEqual(store.published, [{ scheduleId: 'PLAN-1', approvalId: 'APP-1', evidence: { undo } }]);
    for (const { jobOrderId, expectedVersion, after } of undo) {
      const row = store.rows.get(jobOrderId)!;
      assert.equal(row.rowVersion, expectedVersion);
      Object.assign(row, after);
    }
    for (const { jobOrderId, equipmentId, start, end } of livePlan().entries) {
      const row = store.rows.get(jobOrderId)!;
      assert.deepEqual([row.equipmentId, row.plannedStart, row.plannedEnd], [equipmentId, start, end]);
    }
  });

  it('does nothing more when asked again', async () => {
    const store = plant();
    const dispatch = dispatchOf(store);
    const [first, second] = await Promise.all([dispatch.carryOut('APP-1'), dispatch.carryOut('APP-1')]);
    const third = await dispatchOf(store).carryOut('APP-1');
    assert.deepEqual(second, first);
    assert.deepEqual(third, first);
    assert.equal(store.published.length, 1);
    assert.equal(store.notes.size, 3);
    assert.equal(store.outbox.size, 2);
    assert.equal(store.rows.get(moved[0]!)?.rowVersion, 5);
  });

  it('goes on after a crash at any step, and no command takes effect twice', async () => {
    const whole = plant();
    await dispatchOf(whole).carryOut('APP-1');
    const steps = whole.calls.length;
    assert.ok(steps > 15, String(steps));
    for (let step = 1; step <= steps; step++)
      for (const when of ['before', 'after'] as const) {
        const store = plant();
        let calls = 0;
        // An ended process: the step has taken effect or not, and no later one does.
        store.before = () => {
          calls++;
          if (calls > step || (calls === step && when === 'before')) throw new Error('ended');
        };
        await dispatchOf(store, { retry: { ...fastRetry, attempts: 1 } })
          .carryOut('APP-1')
          .catch(() => undefined);
        store.before = () => undefined;
        const result = await dispatchOf(store).carryOut('APP-1');
        assert.equal(result.outcome, 'published', `${String(step)} ${when}`);
        assert.deepEqual(store.rows, whole.rows);
        assert.deepEqual(store.stagingRows, whole.stagingRows);
        assert.deepEqual([...store.notes.keys()].sort(), [...whole.notes.keys()].sort());
        assert.equal(store.published.length, 1);
      }
  });

  it('changes nothing for a rejection or a mere review, and says so', async () => {
    const store = plant();
    sign(store, { decision: 'rejected', meaning: 'rejected', reason: 'no' });
    const result = await dispatchOf(store).carryOut('APP-1');
    assert.equal(result.outcome, 'rejected');
    assert.equal(result.planChange, undefined);
    assert.deepEqual(
      result.notifications.map((n) => n.templateId),
      ['plan-rejected'],
    );
    sign(store, { meaning: 'reviewed' });
    assert.equal((await dispatchOf(store).carryOut('APP-1')).outcome, 'reviewed');
    assertUntouched(store);
    assert.equal(store.outbox.size, 0);
  });
});

describe('what dispatch refuses', () => {
  const cases: [string, (store: MemoryStore) => void, string][] = [
    ['an approval that the store does not know', (s) => s.approvals.clear(), 'MW_APPROVAL_UNKNOWN'],
    [
      'a signer whose role may not',
      (s) => {
        sign(s, { role: 'viewer' });
      },
      'MW_APPROVAL_ROLE',
    ],
    [
      'a signature over another digest',
      (s) => {
        sign(s, { planDigest: 'b'.repeat(64) });
      },
      'MW_APPROVAL_STALE',
    ],
    [
      'a plan altered since',
      (s) => {
        s.set!.scenarios[0]!.plan.entries[0]!.start += 1;
      },
      'MW_APPROVAL_STALE',
    ],
    [
      'inputs that have changed',
      (s) => {
        s.inputs = 'b'.repeat(64);
      },
      'MW_APPROVAL_STALE',
    ],
    [
      'another plan live by now',
      (s) => {
        s.schedules.set('PLAN-2', proposedPlan('PLAN-2'));
        s.liveId = 'PLAN-2';
      },
      'MW_APPROVAL_STALE',
    ],
    [
      'a second decision on one plan',
      (s) => {
        sign(s, { approvalId: 'APP-0', decision: 'rejected', meaning: 'rejected', signedAt: now - 1 });
      },
      'MW_PLAN_DECIDED',
    ],
    [
      'inhibited writes',
      (s) => {
        s.inhibit = { reason: 'inventory', source: 'P-9', at: now };
      },
      'MW_WRITE_INHIBITED',
    ],
    [
      'an operation that runs by now',
      (s) => {
        s.rows.get(moved[0]!)!.dispatchStatus = 'Running';
      },
      'MW_PLAN_FROZEN',
    ],
  ];
  for (const [what, change, code] of cases)
    it(what, async () => {
      const store = plant();
      change(store);
      assert.equal((await refusal(dispatchOf(store).carryOut('APP-1'))).code, code);
      if (code !== 'MW_APPROVAL_STALE' || store.liveId === 'PLAN-LIVE') assertUntouched(store);
      assert.equal(store.outbox.size, 0);
    });

  it('more changed jobs than its limit', async () => {
    const store = plant();
    const error = await refusal(dispatchOf(store, { changeLimit: 1 }).carryOut('APP-1'));
    assert.deepEqual([error.code, error.params.changed, error.params.limit], ['MW_CHANGE_LIMIT', 2, 1]);
    assertUntouched(store);
  });

  it('plans that touch the frozen horizon, whichever job and way', async () => {
    const job = fc.constantFrom(...jobOrders.map((j) => j.jobOrderId));
    await fc.assert(
      fc.asyncProperty(job, fc.boolean(), fc.integer({ min: 0, max: 29 }), async (jobOrderId, kept, atMinute) => {
        const plan = { ...livePlan(), scheduleId: 'PLAN-1', status: 'proposed' as const, baseScheduleId: 'PLAN-LIVE' };
        // Either kept frozen by its own word and yet moved, or brought into the frozen horizon.
        plan.entries = plan.entries.map((entry) => {
          if (entry.jobOrderId !== jobOrderId) return entry;
          const start = kept ? entry.start + minute : now + atMinute * minute;
          return { ...entry, start, end: start + 20 * minute, frozen: kept };
        });
        const store = plant((s) => {
          s.set!.scenarios = [scenario(plan)];
        });
        assert.equal((await refusal(dispatchOf(store).carryOut('APP-1'))).code, 'MW_PLAN_FROZEN');
        assertUntouched(store);
      }),
      { numRuns: 40 },
    );
  });
});

describe('the ladder of modes', () => {
  it('in shadow notes the plan and sends nothing', async () => {
    const store = plant((s) => (s.mode = 'shadow'));
    const result = await dispatchOf(store).carryOut('APP-1');
    assert.deepEqual([result.outcome, result.refusal?.code], ['shadow', 'MW_MODE_SHADOW']);
    assert.deepEqual(
      result.planChange?.jobs.map((job) => job.result),
      ['shadow', 'shadow'],
    );
    assert.equal(store.outbox.size, 0);
    assertUntouched(store);
  });

  it('in advise publishes and tells people, and sends nothing; also where only the site says so', async () => {
    for (const store of [plant((s) => (s.mode = 'advise')), plant()]) {
      const result = await dispatchOf(store, { highestMode: () => 'advise' }).carryOut('APP-1');
      assert.deepEqual([result.outcome, result.refusal?.code], ['advised', 'MW_MODE_ADVISE']);
      assert.deepEqual(
        result.planChange?.jobs.map((job) => job.result),
        ['advised', 'advised'],
      );
      assert.equal(store.liveId, 'PLAN-1');
      assert.equal(store.outbox.size, 0);
      assert.equal(store.rows.get(moved[0]!)?.rowVersion, 4);
      assert.equal(store.stagingRows.size, 1);
      assert.equal((await dispatchOf(store).carryOut('APP-1')).outcome, 'advised');
      assert.equal(store.outbox.size, 0);
    }
  });

  it('asks anew before each command: lowered or inhibited half way, it stops, and completes once allowed', async () => {
    for (const [stop, allow, code] of [
      [(s: MemoryStore) => (s.mode = 'shadow'), (s: MemoryStore) => (s.mode = 'write'), 'MW_MODE_SHADOW'],
      [
        (s: MemoryStore) => {
          s.setWriteInhibit({ reason: 'stop', source: 'P-9' });
        },
        (s: MemoryStore) => {
          s.setWriteInhibit(undefined);
        },
        'MW_WRITE_INHIBITED',
      ],
    ] as const) {
      const store = plant();
      let applied = 0;
      store.before = (method) => {
        if (method === 'applyCommand') applied++;
        else if (applied === 1) stop(store);
      };
      assert.equal((await refusal(dispatchOf(store).carryOut('APP-1'))).code, code);
      assert.equal(store.liveId, 'PLAN-LIVE');
      assert.deepEqual(
        moved.map((id) => store.rows.get(id)!.rowVersion),
        [5, 4],
      );
      store.before = () => undefined;
      allow(store);
      store.inputs = 'b'.repeat(64);
      assert.equal((await dispatchOf(store).carryOut('APP-1')).outcome, 'published');
      assert.deepEqual(
        moved.map((id) => store.rows.get(id)!.rowVersion),
        [5, 5],
      );
    }
  });
});

describe('conflicts and targets that fail', () => {
  it('never overwrites what people moved in the MES, and stops that work request only', async () => {
    const store = plant((s) => {
      const plan = proposedPlan();
      // The first order's washing moves as well, so that its work request has a command left to stop.
      plan.entries = plan.entries.map((e) =>
        e.jobOrderId === 'WO-26001/20' ? { ...e, start: e.start + 20 * minute, end: e.end + 20 * minute } : e,
      );
      s.set!.scenarios = [scenario(plan)];
    });
    Object.assign(store.rows.get(moved[0]!)!, { equipmentId: 'CNC-21', rowVersion: 9 });
    const result = await dispatchOf(store).carryOut('APP-1');
    const byJob = new Map(result.planChange?.jobs.map((job) => [job.jobOrderId, job.result]));
    assert.deepEqual([...byJob.entries()].sort(), [
      ['WO-26001/10', 'conflict'],
      ['WO-26001/20', 'conflict'],
      ['WO-26002/10', 'acknowledged'],
    ]);
    assert.equal(store.rows.get(moved[0]!)?.rowVersion, 9);
    assert.equal(store.rows.get('WO-26001/20')?.rowVersion, 4);
    assert.equal(store.stagingRows.size, 0, 'nothing is staged for a job that stays where it is');
    const note = result.notifications.find((n) => n.templateId === 'jobs-not-taken');
    assert.deepEqual(note?.params.jobOrderIds, ['WO-26001/10', 'WO-26001/20']);
  });

  it('finds a row that changes between the look and the command', async () => {
    const store = plant();
    store.before = (method) => {
      if (method === 'applyCommand') store.rows.get(moved[0]!)!.rowVersion = 7;
    };
    const result = await dispatchOf(store).carryOut('APP-1');
    assert.deepEqual(
      result.planChange?.jobs.map((job) => job.result),
      ['conflict', 'acknowledged'],
    );
    assert.equal(store.rows.get(moved[0]!)?.equipmentId, 'CNC-22');
  });

  it('does not believe an acknowledgement whose read-back differs', async () => {
    const store = plant();
    const apply = (command: OutboxCommand): Promise<OutboxCommand> =>
      Promise.resolve({ ...command, state: 'acknowledged', readBack: { ...command.after, equipmentId: 'CNC-22' } });
    const result = await dispatchOf(store, { target: { name: 'liar', apply } }).carryOut('APP-1');
    assert.equal(result.outcome, 'not-published');
    assert.equal(store.liveId, 'PLAN-LIVE');
    assert.deepEqual(
      [...store.outbox.values()].map((c) => c.state),
      ['conflict', 'conflict'],
    );
  });

  it('tries again with the same command id, then gives up with a dead letter', async () => {
    const store = plant();
    const tries = new Map<string, number>();
    const apply = (command: OutboxCommand): Promise<OutboxCommand> => {
      const count = (tries.get(command.commandId) ?? 0) + 1;
      tries.set(command.commandId, count);
      if (command.jobOrderId === moved[0] || count < 3) return Promise.reject(new Error('no answer'));
      const done: OutboxCommand = { ...command, state: 'acknowledged', readBack: { ...command.after, rowVersion: 5 } };
      store.recordCommand(done);
      return Promise.resolve(done);
    };
    const result = await dispatchOf(store, { target: { name: 'shaky', apply } }).carryOut('APP-1');
    assert.deepEqual([...tries.values()], [3, 3]);
    assert.deepEqual(
      result.planChange?.jobs.map((job) => job.result),
      ['rejected', 'acknowledged'],
    );
    assert.deepEqual(
      [...store.outbox.values()].map((c) => [c.state, c.attempts]),
      [
        ['dead', 3],
        ['acknowledged', 0],
      ],
    );
  });

  it('waits for a target that hangs no longer than its limit, and ends at once when aborted', async () => {
    const store = plant();
    const hanging = { name: 'hanging', apply: () => new Promise<OutboxCommand>(() => undefined) };
    const limited = dispatchOf(store, { target: hanging, retry: { ...fastRetry, attempts: 2, limitMs: 20 } });
    assert.equal((await limited.carryOut('APP-1')).outcome, 'not-published');

    const aborted = plant();
    const controller = new AbortController();
    const open = dispatchOf(aborted, { target: hanging, retry: { ...fastRetry, limitMs: 60_000 } });
    const running = refusal(open.carryOut('APP-1', { signal: controller.signal }));
    setTimeout(() => {
      controller.abort();
    }, 20);
    assert.equal((await running).code, 'MW_ABORTED');
    assert.deepEqual(
      [...aborted.outbox.values()].map((c) => c.state),
      ['pending', 'pending'],
    );
    assert.equal(
      (
        await dispatchOf(aborted, {
          target: { ...hanging, apply: (c) => Promise.resolve(aborted.applyCommand(c.commandId)) },
        }).carryOut('APP-1')
      ).outcome,
      'published',
    );
  });

  it('counts a target as down after three dead letters in a row, and goes on once it is back', async () => {
    const store = plant((s) => {
      const plan = proposedPlan();
      plan.entries = plan.entries.map((e) => ({ ...e, start: e.start + minute, end: e.end + minute }));
      s.set!.scenarios = [scenario(plan)];
    });
    const dead = { name: 'embedded-mes', apply: () => Promise.reject(new Error('connection refused')) };
    assert.equal((await refusal(dispatchOf(store, { target: dead }).carryOut('APP-1'))).code, 'MW_TARGET_DOWN');
    assertUntouched(store);
    const states = [...store.outbox.values()].map((c) => c.state).sort();
    assert.deepEqual(states, ['dead', 'dead', 'dead', 'pending', 'pending', 'pending']);
  });
});

describe('the write inhibit', () => {
  it('is set with its reason and source, and holds', async () => {
    const store = plant();
    await dispatchOf(store).setWriteInhibit({ reason: 'robot cell open', source: 'tag LINE-2/door' });
    const error = await refusal(dispatchOf(store).carryOut('APP-1'));
    assert.deepEqual([error.code, error.params.source], ['MW_WRITE_INHIBITED', 'tag LINE-2/door']);
  });
});
