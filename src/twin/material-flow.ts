import type { FloorState } from './floor-state.ts';
import { bookWaiting, type Machine } from './machine.ts';
import { waiting } from './status.ts';

/** Gathers what is to arrive before queued stations by itself, as the plan or a release has it. */
export function gatherArrivals(floor: FloorState): void {
  const { jobs, layout } = floor.work;
  const first = jobs.filter(
    (job) => layout.stations[job.station]!.queued && !job.wasRunning && !job.blocked && job.predecessors.length === 0,
  );
  floor.arrivals = Int32Array.from(first, (job) => job.index);
}

/** Puts arrivals in the order in which this replication has them, and forgets all that has arrived. */
export function beginArrivals(floor: FloorState): void {
  const { arrivals } = floor;
  const { ready } = floor.work;
  if (!areInOrder(arrivals, ready)) arrivals.sort((a, b) => ready[a]! - ready[b]! || a - b);
  floor.queues.clear();
  floor.moves.clear();
  floor.nextMove = Infinity;
  floor.arrived = 0;
  expectArrival(floor);
}

function areInOrder(arrivals: Int32Array, ready: Float64Array): boolean {
  for (let i = 1; i < arrivals.length; i++) if (ready[arrivals[i]!]! < ready[arrivals[i - 1]!]!) return false;
  return true;
}

function expectArrival(floor: FloorState): void {
  const { arrivals, arrived, now } = floor;
  const at = arrived < arrivals.length ? floor.work.ready[arrivals[arrived]!]! : Infinity;
  floor.nextArrival = at < now ? now : at;
  floor.orderOthers();
}

/** The next arrival's time has come. */
export function takeArrival(floor: FloorState): void {
  enqueue(floor, floor.arrivals[floor.arrived++]!);
  expectArrival(floor);
}

/** The next move has come to its station. */
export function endMove(floor: FloorState): void {
  floor.moves.pop();
  enqueue(floor, floor.moves.code);
  floor.nextMove = floor.moves.nextTime;
  floor.orderOthers();
}

/** Passes what a machine has finished on, or keeps it there while there is no place for it. */
export function handOver(floor: FloorState, machine: Machine, job: number): void {
  const { work } = floor;
  if (work.firstEdge[job] === work.firstEdge[job + 1]) return;
  for (let edge = work.firstEdge[job]!; edge < work.firstEdge[job + 1]!; edge++) {
    const successor = work.successor[edge]!;
    if (work.waitsFor[successor] !== 1 || work.byMaterial[edge] === 1 || work.delivered[edge] === 1) continue;
    if (hasPlace(floor, successor)) continue;
    machine.current = job;
    machine.blockedBy = successor;
    floor.blocked.push(machine);
    return;
  }
  deliver(floor, job);
}

function hasPlace(floor: FloorState, job: number): boolean {
  const station = floor.work.station[job]!;
  const { places, machines } = floor.work.layout.stations[station]!;
  if (places === Infinity) return true;
  let free = 0;
  for (const machine of machines) if (floor.machines[machine]!.current < 0) free++;
  return floor.queues.hasPlace(station, free);
}

/** Moves on what waits for a place that is now free, and what waits for each other in a circle. */
export function unblock(floor: FloorState): void {
  const { blocked } = floor;
  for (let i = 0; i < blocked.length; i++) {
    const machine = blocked[i]!;
    if (!hasPlace(floor, machine.blockedBy) && !inCircle(floor, machine)) continue;
    blocked.splice(i, 1);
    bookWaiting(machine, floor.now);
    const job = machine.current;
    machine.current = -1;
    machine.blockedBy = -1;
    floor.notice(machine);
    deliver(floor, job);
    i = -1;
  }
}

/** Whether machines that are blocked wait for a place at each other: then they exchange what they hold. */
function inCircle(floor: FloorState, machine: Machine): boolean {
  const seen = new Set<Machine>();
  for (let at: Machine | undefined = machine; at && at.blockedBy >= 0;) {
    if (seen.has(at)) return at === machine;
    seen.add(at);
    const { machines }: { machines: number[] } = floor.work.layout.stations[floor.work.station[at.blockedBy]!]!;
    if (!machines.every((index) => floor.machines[index]!.blockedBy >= 0)) return false;
    at = floor.machines[machines[0]!];
  }
  return false;
}

/** Lets those behind an operation know that it has ended. */
export function deliver(floor: FloorState, job: number): void {
  const { work, now } = floor;
  for (let edge = work.firstEdge[job]!; edge < work.firstEdge[job + 1]!; edge++) {
    if (work.delivered[edge] === 1) continue;
    work.delivered[edge] = 1;
    const successor = work.successor[edge]!;
    const there = now + work.delay[edge]!;
    if (there > work.ready[successor]!) work.ready[successor] = there;
    if (--work.waitsFor[successor]! === 0) arrive(floor, successor);
  }
}

/** What has been made before leaves at the beginning. */
export function beginTransfers(floor: FloorState): void {
  floor.transfers.clear();
  floor.nextTransfer = Infinity;
  const doneBy = new Map(floor.machines.map((machine) => [machine.current, machine]));
  for (let job = 0; job < floor.work.jobs.length; job++) passOn(floor, job, doneBy.get(job));
}

/** Passes on what an operation has made so far, where it overlaps with those behind it. */
export function passOn(floor: FloorState, job: number, machine: Machine | undefined): void {
  const { work, transfers, now } = floor;
  if (!work.transfers) return;
  for (const edge of work.transfers.edgesFrom(job)) {
    const parts = work.transfers.passOn(work, job, machine, edge);
    if (parts === 0) continue;
    transfers.push(now + work.delay[edge]!, edge, parts);
    floor.nextTransfer = transfers.nextTime;
    floor.orderOthers();
  }
}

/** The next transfer has come to the operation that it is for. */
export function endTransfer(floor: FloorState): void {
  const { work, transfers, now } = floor;
  transfers.pop();
  const { code: edge, data: parts } = transfers;
  floor.nextTransfer = transfers.nextTime;
  floor.orderOthers();
  const successor = work.successor[edge]!;
  if (work.transfers!.arrive(work, edge, parts)) {
    if (now > work.ready[successor]!) work.ready[successor] = now;
    if (--work.waitsFor[successor]! === 0) arrive(floor, successor);
    return;
  }
  for (const machine of floor.members[work.station[successor]!]!)
    if (machine.current === successor && !machine.working) floor.notice(machine);
}

/** An order goes back: what it does again waits as at the beginning. */
export function sendBack(floor: FloorState, job: number): void {
  const { work } = floor;
  const { to, path, delay } = work.loops[job]!;
  for (const again of path) {
    work.status[again] = waiting;
    work.visits[again]!++;
    work.waitsFor[again] = 0;
    floor.open++;
    floor.observer?.reopened(work.jobs[again]!);
  }
  for (const again of path)
    for (let edge = work.firstEdge[again]!; edge < work.firstEdge[again + 1]!; edge++) {
      const successor = work.successor[edge]!;
      if (work.byMaterial[edge] === 1 || !path.includes(successor) || again === job) continue;
      if (work.transfers && work.transfers.size[edge]! > 0) {
        work.transfers.sent[edge] = 0;
        work.transfers.arrived[edge] = 0;
      } else work.delivered[edge] = 0;
      work.waitsFor[successor]!++;
    }
  work.ready[to] = floor.now + delay;
  arrive(floor, to);
}

/** All that an operation has waited for has ended. */
function arrive(floor: FloorState, job: number): void {
  const { work } = floor;
  const station = work.station[job]!;
  const { queued } = work.layout.stations[station]!;
  if (!queued && work.visits[job]! === 0) {
    floor.notice(floor.machines[station]!);
    return;
  }
  floor.queues.takePlace(station);
  if (work.ready[job]! <= floor.now) enqueue(floor, job);
  else if (work.ready[job]! < Infinity) {
    floor.moves.push(work.ready[job]!, job, 0);
    floor.nextMove = floor.moves.nextTime;
    floor.orderOthers();
  }
}

function enqueue(floor: FloorState, job: number): void {
  const station = floor.work.station[job]!;
  floor.queues.push(station, job);
  noticeFree(floor, floor.members[station]!, -1);
}

/** Has the first machine of a station looked at that has nothing in hand, after one that could not begin. */
export function noticeFree(floor: FloorState, members: readonly Machine[], after: number): void {
  for (let i = 0; i < members.length; i++) {
    const machine = members[i]!;
    if (machine.current >= 0 || machine.noticed || machine.index <= after || machine.downUntil > floor.now) continue;
    floor.notice(machine);
    return;
  }
}

/** Takes an operation that begins out of its queue, and gives its place there back. */
export function takeFromQueue(floor: FloorState, job: number): void {
  const { work, queues } = floor;
  const station = work.station[job]!;
  if (queues.first(station) !== job) return;
  queues.shift(station);
  if (work.takesPlace[job] === 1 || work.visits[job]! > 0) queues.givePlace(station);
}
