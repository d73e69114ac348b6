import type { PlantModel } from '../../plant/index.ts';
import type { QueryPort } from '../ports.ts';
import type { EmbedPort } from '../retrieval/vectors.ts';
import type { WordingModel } from './reword.ts';

/** What advice is drawn from; the plant's store satisfies it by shape. */
export interface AdvicePorts {
  readonly query: QueryPort;
  /** Ten minutes each of one tag, beginning in [from, to), oldest first, at most `limit`. */
  readonly aggregates: (
    tag: string,
    from: number,
    to: number,
    limit: number,
  ) => Promise<{ start: number; count: number; mean: number; min: number; max: number }[]>;
  readonly model: () => Promise<PlantModel | undefined>;
  /** Words the explanations; without it they come by template. */
  readonly languageModel?: WordingModel;
  /** Finds by meaning too; without it by words alone. */
  readonly embed?: EmbedPort;
}
