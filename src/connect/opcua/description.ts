import { sleep, type Logger } from '../../kernel/index.ts';
import type { SampleTag } from './samples.ts';
import type { SessionLink } from './session-link.ts';
import { statusNameOf } from './status.ts';
import { readTagDetails, type TagDetails } from './tag-details.ts';
import type { SubscribedTag } from './types.ts';

/** The first values wait this long for units and enumeration texts; what comes later goes without. */
const firstWaitMs = 2_000;
const mostAttempts = 3;

/** What a server says of the tags of one table, read beside their subscription. */
export interface TagDescription {
  /** The table's rows, with units from the server where the table has none. */
  readonly rows: readonly SampleTag[];
  /** Texts by number of those that are enumerations; undefined where there are none. */
  readonly texts: readonly (ReadonlyMap<number, string> | undefined)[] | undefined;
  /** Reads what is not known yet, once for each start of the server. */
  begin(link: SessionLink, first: readonly string[]): void;
  /** Holds back the first values until they can be described, not longer than two seconds; later nothing. */
  ready(): Promise<void> | undefined;
}

/** Opens the description of a tag table; `details` is filled by tag for others who need it. */
export function openTagDescription(
  tags: readonly SubscribedTag[],
  details: Map<string, TagDetails> | undefined,
  logger: Logger,
): TagDescription {
  const rows: SampleTag[] = [...tags];
  let texts: TagDescription['texts'];
  /** The start of the server for which the tags were described, or are being. */
  let describedFor: number | undefined;
  let attempts = 0;
  let first: PromiseWithResolvers<void> | undefined = Promise.withResolvers();
  let waiting: Promise<void> | undefined;

  function apply(found: readonly (TagDetails | undefined)[]): void {
    const known = found.map((one) => one?.texts);
    texts = known.some(Boolean) ? known : undefined;
    for (const [index, one] of found.entries()) {
      const { tag, unit = one?.unit } = tags[index]!;
      rows[index] = unit === undefined ? { tag } : { tag, unit };
      if (one) details?.set(tag, one);
    }
  }

  return {
    rows,
    get texts() {
      return texts;
    },
    begin(link, namespaces) {
      if (describedFor === link.serverStartMs || attempts >= mostAttempts) return;
      describedFor = link.serverStartMs;
      attempts++;
      readTagDetails(link, tags, namespaces)
        .then((found) => {
          attempts = 0;
          apply(found);
        })
        .catch((thrown: unknown) => {
          describedFor = undefined;
          logger.debug(`OPC UA units and texts: ${statusNameOf(thrown)}`);
        })
        .finally(() => first?.resolve());
    },
    ready() {
      if (!first) return undefined;
      waiting ??= Promise.race([first.promise, sleep(firstWaitMs)]).then(() => {
        first = undefined;
      });
      return waiting;
    },
  };
}
