import { checkOnce, MillwrightError, monotonicMs, systemClock, withDeadline, type Clock } from '../kernel/index.ts';
import { openBudget, type BudgetSettings, type Spent, type SpentMemory, type Tokens } from './budget.ts';
import { cacheKey, openCache } from './cache.ts';
import { faultOf, openWire, type CallLimits, type ChatMessage } from './client.ts';
import { assertAllowed, openPseudonyms, outgoing, policyFor, type EgressPolicy, type Slot } from './egress.ts';
import { shownAddress, type Endpoint } from './endpoint.ts';
import { invalidAnswer } from './failure.ts';
import { firstJsonObject } from './first-json.ts';
import { openBreaker, openGate } from './gate.ts';
import { meterWire } from './metered.ts';
import { probeEndpoint, type Capabilities } from './probe.ts';
import { promptOf, repairOf } from './prompt.ts';
import type { ChatReply } from './replies.ts';

/** What a model is asked to fill in. */
export interface Task {
  name: string;
  /** Raised with every change of the instruction or the schema's meaning. */
  version: string;
  /** Ours alone: nothing that was retrieved or typed by somebody ever stands here. */
  instruction: string;
  slots: readonly Slot[];
  /** JSON Schema of the answer in the strict subset: every property required, none besides, no `$ref`. */
  schema: object;
  /** Ids and names of people that travel as stand-ins. */
  people?: readonly string[];
  maxTokens?: number;
  signal?: AbortSignal;
  limitMs?: number;
}

/** A filled-in schema. */
export interface Filled<T> {
  /** Checked against the schema. */
  value: T;
  tokens: Tokens;
  /** Came out of the cache, without a call. */
  isCached: boolean;
  /** A second turn was needed. */
  isRepaired: boolean;
}

/** What a language model may use, and for what. */
export interface LanguageModelSettings {
  endpoint: Endpoint;
  /** `auto`: everything within the plant's own network, the catalogue alone beyond it. */
  egress: EgressPolicy | 'auto';
  budget: BudgetSettings;
  /** Calls at once: one or two. */
  concurrency: number;
  /** Calls that may wait. */
  queueLimit: number;
  /** Deadline of a task with all its turns and attempts, where it sets none. */
  limitMs: number;
  /** Most tokens of an answer, where the task sets no limit. */
  maxTokens: number;
}

/** How much was done, since the start but for the day's account. */
export interface ModelCounters {
  calls: number;
  cached: number;
  repaired: number;
  failed: number;
  retries: number;
  waiting: number;
  spent: Spent;
  /** Calls are refused at once, because the endpoint failed again and again. */
  isResting: boolean;
}

/** A language model behind an endpoint, with everything that keeps it in bounds. */
export interface LanguageModel {
  /** The model's name: a part of every trace. */
  readonly name: string;
  readonly egress: EgressPolicy;
  /**
   * Fills in a schema. Rejects with `MW_LLM_EGRESS` where a slot tells more than the policy allows, `MW_LLM_BUDGET`,
   * `MW_LLM_OFFLINE`, `MW_QUEUE_FULL`, `MW_DEADLINE`, `MW_ABORTED`, `MW_LLM_CUT_OFF`, `MW_LLM_DECLINED`, with
   * `MW_LLM_ANSWER_INVALID` where also the second answer broke the schema, or with what reaching the endpoint failed with.
   */
  fill<T>(task: Task): Promise<Filled<T>>;
  /** Vectors of texts, in their order; rejects as `fill` does. */
  embed(
    texts: readonly string[],
    tells: Slot['tells'],
    options?: Pick<Task, 'people' | 'signal'>,
  ): Promise<Float32Array[]>;
  /** What the endpoint can do: asked once, and again after a failure. */
  capabilities(signal?: AbortSignal): Promise<Capabilities>;
  readonly counters: ModelCounters;
}

const cachedAnswers = 500;
const textsPerCall = 64;

/** Opens a language model. Nothing is asked before the first call. */
export function openLanguageModel(
  settings: LanguageModelSettings,
  { clock = systemClock, memory }: { clock?: Clock; memory?: SpentMemory } = {},
): LanguageModel {
  const { endpoint } = settings;
  const address = shownAddress(endpoint.baseUrl);
  const egress = policyFor(settings.egress, endpoint.baseUrl);
  const gate = openGate(address, settings.concurrency, settings.queueLimit);
  const breaker = openBreaker(address);
  const budget = openBudget(settings.budget, clock, memory);
  const answers = openCache<object>(cachedAnswers);
  const counts = { calls: 0, cached: 0, repaired: 0, failed: 0 };
  const bare = openWire(endpoint);
  const wire = meterWire(bare, budget, () => counts.calls++);
  let probed: Promise<Capabilities> | undefined;

  /** Takes a turn at the gate, within the deadline and while the endpoint does not rest. */
  async function inTurn<T>(
    work: (limits: CallLimits) => Promise<T>,
    { signal, limitMs = settings.limitMs }: { signal?: AbortSignal | undefined; limitMs?: number | undefined },
  ): Promise<T> {
    const ending = new AbortController();
    const stop = signal ? AbortSignal.any([signal, ending.signal]) : ending.signal;
    const limits = { signal: stop, until: monotonicMs() + limitMs };
    const turn = gate.run(() => {
      const leftMs = limits.until - monotonicMs();
      if (leftMs <= 0) throw new MillwrightError('MW_DEADLINE', { what: address, limitMs });
      return breaker.run(() => withDeadline(address, work(limits), leftMs), faultsOf);
    }, stop);
    try {
      return await withDeadline(address, turn, limitMs, signal);
    } catch (thrown) {
      counts.failed++;
      throw thrown;
    } finally {
      ending.abort();
    }
  }

  async function answerOf(task: Task, messages: readonly ChatMessage[], limits: CallLimits) {
    const { name, schema, maxTokens = settings.maxTokens } = task;
    const ask = (turns: readonly ChatMessage[]) =>
      wire.chat({ messages: turns, schema: { name, schema }, maxTokens }, limits);
    const first = await ask(messages);
    const read = usable(first, schema);
    if ('value' in read) return { ...read, tokens: first.tokens, isRepaired: false };
    counts.repaired++;
    const second = await ask(repairOf(messages, first.text, read.problem));
    const again = usable(second, schema);
    if ('problem' in again) throw invalidAnswer(endpoint, again.problem);
    const tokens = {
      input: first.tokens.input + second.tokens.input,
      output: first.tokens.output + second.tokens.output,
    };
    return { ...again, tokens, isRepaired: true };
  }

  /** The checked object of a reply, or what is wrong with it; throws where another turn would not help. */
  function usable({ text, finish }: ChatReply, schema: object): { value: object } | { problem: string } {
    if (finish === 'declined') throw new MillwrightError('MW_LLM_DECLINED', { endpoint: address });
    const value = firstJsonObject(text);
    if (!value) {
      if (finish === 'cut-off') throw new MillwrightError('MW_LLM_CUT_OFF', { endpoint: address });
      return { problem: 'there is no JSON object' };
    }
    const problem = checkOnce(schema, value);
    return problem ? { problem: `${problem.pointer} is ${problem.found}, expected ${problem.expected}` } : { value };
  }

  return {
    name: endpoint.model,
    egress,
    async fill<T>(task: Task): Promise<Filled<T>> {
      for (const slot of task.slots) assertAllowed(egress, slot.tells);
      const pseudonyms = openPseudonyms(task.people ?? []);
      const messages = promptOf(task.instruction, task.slots, task.schema, pseudonyms);
      const key = cacheKey([endpoint.baseUrl, endpoint.model, task.name, task.version, messages]);
      const known = answers.get(key);
      if (known) {
        counts.cached++;
        const value = pseudonyms.restore(known) as T;
        return { value, tokens: { input: 0, output: 0 }, isCached: true, isRepaired: false };
      }
      const answer = await inTurn((limits) => answerOf(task, messages, limits), task);
      answers.set(key, answer.value);
      return { ...answer, value: pseudonyms.restore(answer.value) as T, isCached: false };
    },
    async embed(texts, tells, { people = [], signal } = {}) {
      assertAllowed(egress, tells);
      const vectors: Float32Array[] = [];
      for (let from = 0; from < texts.length; from += textsPerCall) {
        const batch = texts.slice(from, from + textsPerCall).map((text) => outgoing(text, openPseudonyms(people)));
        const found = await inTurn((limits) => wire.embed(batch, limits), { signal });
        vectors.push(...found);
      }
      return vectors;
    },
    capabilities(signal) {
      assertAllowed(egress, 'catalogue');
      probed ??= inTurn((limits) => probeEndpoint(wire, endpoint, limits), { signal }).catch((thrown: unknown) => {
        probed = undefined;
        throw thrown;
      });
      return probed;
    },
    get counters() {
      return {
        ...counts,
        retries: bare.retries,
        waiting: gate.waiting,
        spent: budget.spent,
        isResting: breaker.isOpen,
      };
    },
  };
}

/** An endpoint that does not answer in time is as good as one that is away. */
function faultsOf(thrown: unknown): number | undefined {
  return thrown instanceof MillwrightError && thrown.code === 'MW_DEADLINE' ? 0 : faultOf(thrown);
}
