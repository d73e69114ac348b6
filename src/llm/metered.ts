import { toMillwrightError } from '../kernel/index.ts';
import { guessTokens, type Budget, type Tokens } from './budget.ts';
import type { CallLimits, ChatRequest, Wire } from './client.ts';
import type { ChatReply } from './replies.ts';

/** A wire whose calls are taken from a budget, and told with the tokens that they used. */
export interface MeteredWire {
  chat(request: ChatRequest, limits: CallLimits): Promise<ChatReply & { tokens: Tokens }>;
  embed(texts: readonly string[], limits: CallLimits): Promise<Float32Array[]>;
  models: Wire['models'];
  readonly dialect: Wire['dialect'];
}

/**
 * Puts a budget before a wire. What the endpoint does not count is guessed; a call that was broken off counts with all
 * that it might have used, one that the endpoint refused with nothing.
 */
export function meterWire(wire: Wire, budget: Budget, onCall: () => void): MeteredWire {
  async function metered<T>(most: Tokens, work: () => Promise<T>, usedOf: (result: T) => Tokens): Promise<T> {
    const settle = budget.reserve(most);
    let used: Tokens = { input: 0, output: 0 };
    try {
      onCall();
      const result = await work();
      used = usedOf(result);
      return result;
    } catch (thrown) {
      if (toMillwrightError(thrown).code === 'MW_ABORTED') used = most;
      throw thrown;
    } finally {
      settle(used);
    }
  }
  return {
    async chat(request, limits) {
      const most = { input: guessTokens(JSON.stringify(request.messages)), output: request.maxTokens };
      const work = async () => {
        const reply = await wire.chat(request, limits);
        return { ...reply, tokens: reply.tokens ?? { input: most.input, output: guessTokens(reply.text) } };
      };
      return metered(most, work, ({ tokens }) => tokens);
    },
    async embed(texts, limits) {
      const most = { input: guessTokens(texts.join('')), output: 0 };
      const { vectors } = await metered(
        most,
        () => wire.embed(texts, limits),
        ({ tokens }) => tokens ?? most,
      );
      return vectors;
    },
    models: (limits) => wire.models(limits),
    get dialect() {
      return wire.dialect;
    },
  };
}
