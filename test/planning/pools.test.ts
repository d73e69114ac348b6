import assert from 'node:assert/strict';
import fc from 'fast-check';
import { blockedUntil, ResourceProfiles } from '../../src/planning/constraints/shared-resources.ts';
import { buildPools } from '../../src/planning/pools.ts';
import type { Problem } from '../../src/planning/problem.ts';

/** Whether everybody asked for can be had: each demand gets a person of its own (by trying all). */
function canServe(demands: readonly string[], crew: readonly string[][]): boolean {
  const [first, ...rest] = demands;
  if (first === undefined) return true;
  return crew.some(
    (person, p) =>
      person.includes(first) &&
      canServe(
        rest,
        crew.filter((_, other) => other !== p),
      ),
  );
}

describe('operator pools', () => {
  it('admit work exactly where the people can be shared out', () => {
    admitExactly(['a', 'b', 'c', 'd']);
  });

  it('do so for more qualifications than there are sets to count, where few people have them', () => {
    admitExactly(Array.from('abcdefghijklmn'));
  });

  it('count no qualification for itself that the same people have with others', () => {
    const qualifications = Array.from('abcdefghijkl');
    const persons = ['P', 'Q', 'R'].map((personId) => ({ personId, qualificationIds: qualifications }));
    const presence = new Map(persons.map((p) => [p.personId, [{ start: 100, end: 200 }]]));
    const machinesOf = new Map(qualifications.map((q) => [q, new Set([`${q}1`, `${q}2`])]));
    const { profiles, using } = buildPools(persons, presence, machinesOf, 0);
    assert.deepEqual([...profiles[0]!.free], [0, 3, 0]);
    assert.equal(profiles.length, 1);
    assert.ok(qualifications.every((q) => using.get(q)!.length === 1));
  });

  it('are no more than a thousand, however many people share qualifications', () => {
    const qualifications = Array.from({ length: 24 }, (_, i) => `q${i}`);
    const persons = qualifications.map((q, i) => ({
      personId: `P${i}`,
      qualificationIds: [q, qualifications[(i + 1) % 24]!, qualifications[(i + 5) % 24]!],
    }));
    const presence = new Map(persons.map((p) => [p.personId, [{ start: 100, end: 200 }]]));
    const machinesOf = new Map(qualifications.map((q) => [q, new Set(['1', '2', '3', '4'].map((m) => q + m))]));
    const { profiles } = buildPools(persons, presence, machinesOf, 0);
    assert.ok(profiles.length > 100 && profiles.length < 1025, String(profiles.length));
  });

  function admitExactly(letters: readonly string[]) {
    let served = 0;
    let refused = 0;
    fc.assert(
      fc.property(
        fc.array(fc.subarray([...letters], { minLength: 1 }), { minLength: 1, maxLength: 6 }),
        fc.array(fc.constantFrom(...letters), { minLength: 1, maxLength: 7 }),
        fc.integer({ min: 1, max: 3 }),
        (crew, wanted, machinesEach) => {
          // No more of a qualification at once than there are machines that need it.
          const demands = wanted.filter((q, i) => wanted.slice(0, i).filter((o) => o === q).length < machinesEach);
          const persons = crew.map((qualificationIds, i) => ({ personId: `P${i}`, qualificationIds }));
          const presence = new Map(persons.map((p) => [p.personId, [{ start: 100, end: 200 }]]));
          const machinesOf = new Map(
            letters.map((q) => [q, new Set(Array.from({ length: machinesEach }, (_, m) => `${q}${m}`))]),
          );
          const pools = buildPools(persons, presence, machinesOf, 0);
          const profiles = new ResourceProfiles(pools.profiles);
          const calendars = {
            start: Float64Array.of(100),
            end: Float64Array.of(200),
            before: Float64Array.of(0),
            offset: Int32Array.of(0, 1),
          };
          const present = demands.filter((q) => crew.some((person) => person.includes(q)));
          let admitted = true;
          for (const q of present) {
            const using = pools.using.get(q)!;
            const problem = {
              pool: Int32Array.from(using),
              poolOffset: Int32Array.of(0, using.length),
              heldFrom: pools.profiles.length,
              calendars,
            } as Partial<Problem> as Problem;
            if (blockedUntil(profiles, problem, 0, 0, 120, 180) > -Infinity) admitted = false;
            profiles.takeFor(problem, 0, 0, 120, 180);
          }
          const truth = canServe(present, crew);
          if (truth) served++;
          else refused++;
          assert.equal(admitted, truth);
        },
      ),
      { numRuns: 1500, seed: 11 },
    );
    assert.ok(served > 200 && refused > 200, `${served} served, ${refused} refused`);
  }
});
