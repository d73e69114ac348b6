import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { buildProblem, checkPlan, Decoder, doNothing, toWorkSchedule } from '../../src/planning/index.ts';
import type { PlantState, ScheduleEntry, WorkSchedule } from '../../src/plant/index.ts';
import { plainRequest, quietSituation, testNow, type Situation } from './northfield.ts';

const hour = 3_600_000;

describe('plan checker', () => {
  it('shares no code with what makes plans: only plant, kernel and its own files', () => {
    const folder = new URL('../../src/planning/checker/', import.meta.url);
    for (const file of readdirSync(folder)) {
      const source = readFileSync(new URL(file, folder), 'utf8');
      const imports = [...source.matchAll(/^(?:import|export) (type )?[^;]*? from '([^']+)';$/gms)];
      for (const [, type, from] of imports) {
        const allowed = /^(\.\.\/\.\.\/(kernel|plant)\/index\.ts|\.\/[a-z-]+\.ts)$/.test(from!);
        assert.ok(allowed || (type && from === '../request.ts'), `${file} imports ${from!}`);
      }
      assert.doesNotMatch(source, /import\(/, file);
    }
  });

  describe('refuses what cannot be carried out', () => {
    const quiet: Situation = { ...quietSituation(1, 40), request: plainRequest({ frozenUntil: testNow + 6 * hour }) };
    const { model, state, live, request } = quiet;
    const problem = buildProblem(model, state, live, request);
    const decoder = new Decoder(problem);
    const good = toWorkSchedule(problem, decoder.decode(doNothing(problem)), {
      scheduleId: 'GOOD',
      createdAt: testNow,
      label: '',
      seed: 1,
    });
    const isRunning = (e: ScheduleEntry) =>
      state.jobOrders.some((j) => j.jobOrderId === e.jobOrderId && j.dispatchStatus === 'Running');
    const segmentOf = ({ jobOrderId }: ScheduleEntry) => {
      const job = state.jobOrders.find((j) => j.jobOrderId === jobOrderId)!;
      return model.workMasters.flatMap((m) => m.segments).find((s) => s.segmentId === job.segmentId)!;
    };
    const free = good.entries.filter((e) => !e.frozen);
    const attended = free.filter((e) => segmentOf(e).qualificationId !== undefined);

    const judge = (changes: Partial<{ plan: WorkSchedule; state: PlantState; model: typeof model }>) =>
      checkPlan(changes.model ?? model, changes.state ?? state, changes.plan ?? good, request, live);
    const withEntry = (victim: ScheduleEntry, changes: Partial<ScheduleEntry>): WorkSchedule => ({
      ...good,
      entries: good.entries.map((e) => (e === victim ? { ...e, ...changes } : e)),
    });
    const refused = (words: RegExp, changes: Parameters<typeof judge>[0]) => {
      const { feasible, violations } = judge(changes);
      assert.equal(feasible, false);
      assert.ok(
        violations.some((text) => words.test(text)),
        `${String(words)} in ${violations.join('\n')}`,
      );
    };

    it('and accepts the plan that the mutations start from', () => {
      assert.deepEqual(judge({}).violations, []);
    });
    it('an operation on a machine that cannot do it', () => {
      const victim = free[5]!;
      const able = new Set(segmentOf(victim).equipment.map((e) => e.equipmentId));
      const other = model.equipment.find((e) => e.level === 'WorkUnit' && !able.has(e.equipmentId))!;
      refused(new RegExp(`${victim.jobOrderId} may not run on ${other.equipmentId}`), {
        plan: withEntry(victim, { equipmentId: other.equipmentId }),
      });
    });
    it('an operation that works shorter or longer than its parts take', () => {
      const victim = attended[8]!;
      for (const shift of [-600_000, 600_000])
        refused(/works [\d.]+ s, but setup and parts take [\d.]+ s/, {
          plan: withEntry(victim, { start: victim.start + shift }),
        });
    });
    it('an operation that is missing, twice there, or nothing to do', () => {
      const victim = free[3]!;
      const rest = good.entries.filter((e) => e !== victim);
      refused(new RegExp(`${victim.jobOrderId} is not in the plan`), { plan: { ...good, entries: rest } });
      refused(new RegExp(`${victim.jobOrderId} is planned more than once`), {
        plan: { ...good, entries: [...good.entries, victim] },
      });
      refused(/NO-JOB is in the plan, but there is nothing to do for it/, {
        plan: { ...good, entries: [...good.entries, { ...victim, jobOrderId: 'NO-JOB' }] },
      });
      refused(/has no proper start and end/, { plan: withEntry(victim, { start: NaN }) });
    });
    it('two operations at once on one machine', () => {
      const [first, second] = free.filter((e) => e.equipmentId === free[0]!.equipmentId);
      refused(new RegExp(`on ${first!.equipmentId} begins at .* overlaps`), {
        plan: withEntry(second!, {
          start: first!.start + 60_000,
          end: first!.start + 60_000 + second!.end - second!.start,
        }),
      });
    });
    it('an operation before its predecessor has ended, or still on its way from another line', () => {
      for (const victim of free) {
        const { workRequestId } = state.jobOrders.find((j) => j.jobOrderId === victim.jobOrderId)!;
        const before = good.entries.find((e) => {
          const job = state.jobOrders.find((j) => j.jobOrderId === e.jobOrderId)!;
          return job.workRequestId === workRequestId && segmentOf(victim).predecessors.includes(job.segmentId);
        });
        if (!before) continue;
        const start = before.end - 1000;
        refused(new RegExp(`${victim.jobOrderId} starts at .* before its predecessor ${before.jobOrderId} is over`), {
          plan: withEntry(victim, { start, end: start + victim.end - victim.start }),
        });
        return;
      }
      assert.fail('no operation with a predecessor');
    });
    it('an operation before its release', () => {
      const victim = free[2]!;
      const id = state.jobOrders.find((j) => j.jobOrderId === victim.jobOrderId)!.workRequestId;
      const workRequests = state.workRequests.map((r) =>
        r.workRequestId === id ? { ...r, releasedAt: victim.start + 1 } : r,
      );
      refused(new RegExp(`${victim.jobOrderId} starts at .* before the release`), {
        state: { ...state, workRequests },
      });
    });
    it('the setup of another sequence', () => {
      const victim = free.find((e) => e.setupSeconds > 0)!;
      refused(/s of setup after what stands before it, not/, {
        plan: withEntry(victim, { setupSeconds: victim.setupSeconds - 60 }),
      });
      refused(/works [\d.]+ s, but setup and parts take/, {
        plan: withEntry(victim, { setupSeconds: 0, end: victim.end - victim.setupSeconds * 1000 }),
      });
    });
    it('work on a machine that is down', () => {
      const victim = free[10]!;
      const stop = {
        equipmentId: victim.equipmentId,
        reason: 'breakdown',
        start: victim.start,
        end: victim.start + 60_000,
      };
      refused(new RegExp(`${victim.jobOrderId} on ${victim.equipmentId} .* while the machine is closed`), {
        state: { ...state, unavailable: [...state.unavailable, stop] },
      });
    });
    it('work that pauses where it must not', () => {
      const victim = free.find((e) => segmentOf(e).interruptible && e.end - e.start > hour)!;
      const start = victim.start + 600_000;
      const service = { equipmentId: victim.equipmentId, reason: 'planned-maintenance', start, end: start + 600_000 };
      const serviced = { ...state, unavailable: [...state.unavailable, service] };
      const pausing = buildProblem(model, serviced, live, request);
      const plan = toWorkSchedule(pausing, new Decoder(pausing).decode(doNothing(pausing)), {
        scheduleId: 'PAUSES',
        createdAt: testNow,
        label: '',
        seed: 1,
      });
      assert.deepEqual(judge({ plan, state: serviced }).violations, []);
      const workMasters = model.workMasters.map((m) => ({
        ...m,
        segments: m.segments.map((s) => (s === segmentOf(victim) ? { ...s, interruptible: false } : s)),
      }));
      refused(new RegExp(`${victim.jobOrderId} on ${victim.equipmentId} pauses at .*, which it must not`), {
        plan,
        state: serviced,
        model: { ...model, workMasters },
      });
    });
    it('more work at once than there are operators with the qualification', () => {
      const pair = attended.flatMap((a) =>
        attended
          .filter((b) => b !== a && segmentOf(a).qualificationId === segmentOf(b).qualificationId)
          .filter((b) => b.start > a.start && b.start < a.end)
          .map((b) => [a, b] as const),
      )[0]!;
      const qualification = segmentOf(pair[0]).qualificationId!;
      const able = model.persons.filter((p) => p.qualificationIds.includes(qualification));
      const absences = able.slice(3).map(({ personId }) => ({ personId, start: testNow, end: testNow + 500 * hour }));
      refused(new RegExp(`has no operator with ${qualification} left from`), {
        state: { ...state, absences: [...state.absences, ...absences] },
      });
    });
    it('more operations at once than there are copies of their tool, from the first moment to the last', () => {
      const first = attended.find((e) => free.some((o) => o.start === e.end && segmentOf(o) !== segmentOf(e)))!;
      const next = free.find((o) => o.start === first.end && segmentOf(o) !== segmentOf(first))!;
      const withTool = (copies: number): typeof model => ({
        ...model,
        tools: [{ toolId: 'T', name: 'T', copies }],
        workMasters: model.workMasters.map((master) => ({
          ...master,
          segments: master.segments.map((s) =>
            s === segmentOf(first) || s === segmentOf(next) ? { ...s, toolIds: ['T'] } : s,
          ),
        })),
      });
      refused(/finds no T left at/, { model: withTool(0) });
      assert.deepEqual(judge({ model: withTool(40) }).violations, []);
      const pair = { ...good, entries: good.entries.filter((e) => e === first || e === next) };
      const only = state.jobOrders.filter((j) => pair.entries.some((e) => e.jobOrderId === j.jobOrderId));
      const shortOf = (plan: WorkSchedule) =>
        judge({ model: withTool(1), plan, state: { ...state, jobOrders: only } }).violations.filter((text) =>
          text.includes('finds no T'),
        );
      assert.deepEqual(shortOf(pair), [], 'it passes from one to the other at the same moment');
      const early = { ...pair, entries: pair.entries.map((e) => (e === next ? { ...e, start: e.start - 1 } : e)) };
      assert.equal(shortOf(early).length, 1);
    });
    it('material before it has arrived', () => {
      const lots = state.lots.map((lot) => ({ ...lot, availableAt: lot.availableAt + 30 * 24 * hour }));
      refused(/starts at .* before its material BAR has arrived: [\d.]+ are missing/, { state: { ...state, lots } });
      const fewer = state.lots.map((lot) =>
        lot.materialId === 'CAST' ? { ...lot, quantity: lot.quantity / 40 } : lot,
      );
      refused(/before its material CAST has arrived/, { state: { ...state, lots: fewer } });
    });
    it('a running operation that is moved or ends too soon', () => {
      const running = good.entries.find(isRunning)!;
      refused(new RegExp(`${running.jobOrderId} is running on ${running.equipmentId} since`), {
        plan: withEntry(running, { start: running.start + 1 }),
      });
      refused(new RegExp(`${running.jobOrderId} is running on ${running.equipmentId} and cannot end at`), {
        plan: withEntry(running, { end: running.end - 2000 }),
      });
    });
    it('changes within the frozen horizon', () => {
      const kept = good.entries.find((e) => e.frozen && !isRunning(e))!;
      refused(new RegExp(`${kept.jobOrderId} is frozen on ${kept.equipmentId}`), {
        plan: withEntry(kept, { start: kept.start + 24 * hour, end: kept.end + 24 * hour, frozen: false }),
      });
      const victim = free[20]!;
      refused(new RegExp(`${victim.jobOrderId} starts at .* when changes may begin`), {
        plan: withEntry(victim, { start: testNow + hour, end: testNow + hour + victim.end - victim.start }),
      });
      refused(new RegExp(`${victim.jobOrderId} is marked frozen`), { plan: withEntry(victim, { frozen: true }) });
    });
    it('a ban of the request', () => {
      const victim = free[12]!;
      const banned = { ...request, constraints: [{ kind: 'forbid-machine' as const, subject: victim.equipmentId }] };
      const { violations } = checkPlan(model, state, good, banned, live);
      assert.ok(violations.some((text) => text.includes(victim.equipmentId) && text.includes('closed')));
    });
  });

  it('says which wishes a plan misses, and which name nothing', () => {
    const { model, state, live } = quietSituation(1, 40);
    const victim = live.entries.at(-1)!;
    const request = plainRequest({
      constraints: [
        { kind: 'lock', subject: victim.jobOrderId },
        { kind: 'must-be-on-time', subject: victim.jobOrderId.split('/')[0]! },
        { kind: 'overtime', subject: 'LINE-9' },
      ],
    });
    const late = { ...victim, start: victim.start + 1000, end: victim.end + 1000, frozen: false };
    const plan = { ...live, entries: [...live.entries.slice(0, -1), late] };
    const workRequests = state.workRequests.map((r) => ({ ...r, dueAt: testNow + hour }));
    const { missedWishes } = checkPlan(model, { ...state, workRequests }, plan, request, live);
    assert.equal(missedWishes.length, 3);
    assert.match(missedWishes[0]!.text, /is locked on .* but planned on/);
    assert.match(missedWishes[1]!.text, /must be on time at .* but ends at/);
    assert.match(missedWishes[2]!.text, /overtime LINE-9: nothing of that name/);
  });
});
