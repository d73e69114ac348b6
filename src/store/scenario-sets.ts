import { shownContent, type PlantState, type ScenarioRecord, type ScenarioSet } from '../plant/index.ts';
import { insert } from './rows.ts';
import { loadSchedule, writeSchedule } from './schedules.ts';
import { change, type Session } from './session.ts';
import type { Actor } from './store.ts';

/** Sets kept whole; of older ones only what somebody signed or what was live. */
const keptSets = 20;

/** Of so many sets the plant's state that they were made from is kept too. */
const keptStates = 3;

/** Writes a set of alternatives with its plans and forgets the unsigned plans of old sets. */
export function saveScenarioSet(session: Session, set: ScenarioSet, actor: Actor, state?: PlantState): void {
  const { db } = session;
  const plans = set.scenarios.map(({ plan, digest, rank }) => ({ planId: plan.scheduleId, digest, rank }));
  const data = { eventId: set.eventId ?? null, basePlanId: set.basePlanId, inputsDigest: set.inputsDigest, plans };
  change(session, actor, { action: 'scenarios.propose', subject: set.requestId, data }, () => {
    insert(db, 'scenario_set', {
      request_id: set.requestId,
      event_id: set.eventId,
      base_plan_id: set.basePlanId,
      created_ms: set.createdAt,
      inputs_digest: set.inputsDigest,
      seed: set.seed,
      replications: set.replications,
      dominated: set.dominated,
      request: JSON.stringify(set.request),
      wish_costs: JSON.stringify(set.wishCosts),
      unplanned: JSON.stringify(set.unplanned),
      plant_state: state && JSON.stringify(state),
    });
    set.scenarios.forEach((scenario, position) => {
      insert(db, 'scenario', {
        request_id: set.requestId,
        position,
        work_schedule_key: writeSchedule(session, scenario.plan),
        digest: scenario.digest,
        rank: scenario.rank,
        shown: JSON.stringify({ ...shownContent(scenario), plan: undefined }),
      });
    });
    forgetUnsigned(session);
    db.run(
      `UPDATE scenario_set SET plant_state = NULL WHERE plant_state IS NOT NULL AND request_id NOT IN
         (SELECT request_id FROM scenario_set ORDER BY created_ms DESC, rowid DESC LIMIT ${keptStates})`,
    );
  });
}

/** The plant's state that a set was made from, where it is kept. */
export function scenarioState({ db }: Session, requestId: string): PlantState | undefined {
  const row = db.get<{ state: string | null }>(
    'SELECT plant_state AS state FROM scenario_set WHERE request_id = ?',
    requestId,
  );
  if (!row?.state) return undefined;
  // JSON has no stretch without an end.
  return JSON.parse(row.state, (name, value: unknown) =>
    name === 'end' && value === null ? Infinity : value,
  ) as PlantState;
}

function forgetUnsigned({ db }: Session): void {
  const old = `SELECT request_id FROM scenario_set WHERE request_id NOT IN
    (SELECT request_id FROM scenario_set ORDER BY created_ms DESC, rowid DESC LIMIT ${keptSets})`;
  const unsigned = db.all<{ key: number }>(
    `SELECT w.work_schedule_key AS key FROM scenario s JOIN work_schedule w USING (work_schedule_key)
     WHERE s.request_id IN (${old}) AND w.status NOT IN ('approved', 'published', 'superseded')
       AND NOT EXISTS (SELECT 1 FROM approval WHERE plan_id = w.schedule_id)`,
  );
  for (const { key } of unsigned) {
    db.run('DELETE FROM scenario WHERE work_schedule_key = ?', key);
    db.run('DELETE FROM work_schedule WHERE work_schedule_key = ?', key);
  }
  db.run(`DELETE FROM scenario_set WHERE request_id IN (${old})
    AND NOT EXISTS (SELECT 1 FROM scenario WHERE scenario.request_id = scenario_set.request_id)`);
}

/** One set with its plans, or the newest. */
export function loadScenarioSet(session: Session, requestId?: string): ScenarioSet | undefined {
  const { db } = session;
  const row = db.get<
    Omit<ScenarioSet, 'eventId' | 'scenarios' | 'request' | 'wishCosts' | 'unplanned'> & {
      eventId: string | null;
      request: string;
      wishCosts: string;
      unplanned: string;
    }
  >(
    `SELECT request_id AS "requestId", event_id AS "eventId", base_plan_id AS "basePlanId", created_ms AS "createdAt",
       inputs_digest AS "inputsDigest", seed, replications, dominated, request, wish_costs AS "wishCosts", unplanned
     FROM scenario_set WHERE request_id = coalesce(?, request_id) ORDER BY created_ms DESC, rowid DESC LIMIT 1`,
    requestId ?? null,
  );
  if (!row) return undefined;
  const { eventId, request, wishCosts, unplanned, ...set } = row;
  const scenarios = db
    .all<{ digest: string; shown: string; planId: string }>(
      `SELECT s.digest, s.shown, w.schedule_id AS "planId"
       FROM scenario s JOIN work_schedule w USING (work_schedule_key) WHERE s.request_id = ? ORDER BY s.position`,
      set.requestId,
    )
    .flatMap(({ digest, shown, planId }) => {
      const plan = loadSchedule(session, planId);
      return plan ? [{ ...(JSON.parse(shown) as Omit<ScenarioRecord, 'plan' | 'digest'>), digest, plan }] : [];
    });
  return {
    ...set,
    ...(eventId === null ? {} : { eventId }),
    request: JSON.parse(request) as ScenarioSet['request'],
    wishCosts: JSON.parse(wishCosts) as ScenarioSet['wishCosts'],
    unplanned: JSON.parse(unplanned) as ScenarioSet['unplanned'],
    scenarios,
  };
}

/** The set that a plan belongs to and its place among the set's scenarios. */
export function findScenario(session: Session, planId: string): { set: ScenarioSet; index: number } | undefined {
  const found = session.db.get<{ requestId: string }>(
    `SELECT s.request_id AS "requestId" FROM scenario s JOIN work_schedule w USING (work_schedule_key)
     WHERE w.schedule_id = ?`,
    planId,
  );
  const set = found && loadScenarioSet(session, found.requestId);
  return set && { set, index: set.scenarios.findIndex(({ plan }) => plan.scheduleId === planId) };
}
