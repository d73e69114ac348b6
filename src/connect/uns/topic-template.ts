import { MillwrightError } from '../../kernel/index.ts';
import { isTopicName } from './topic-filter.ts';

/** Levels of a topic after ISA-95's equipment hierarchy, the name of the contract, and the signal of a tag. */
const topicLevels = ['enterprise', 'site', 'area', 'line', 'machine', 'contract', 'signal'] as const;
type TopicLevel = (typeof topicLevels)[number];

/** What stands for the levels of one topic; a level that is absent or empty is left out of it. */
export type TopicFields = Partial<Record<TopicLevel, string>>;

/** Writes topics by a template and reads them back. */
export interface TopicTemplate {
  readonly levels: ReadonlySet<TopicLevel>;
  /** @throws MW_UNS_TOPIC_INVALID where nothing is left of the topic, or it is too long */
  format(fields: TopicFields): string;
  /** The levels of a topic that has the template's form with all its levels, or nothing. */
  parse(topic: string): TopicFields | undefined;
}

interface Segment {
  before: string;
  level?: TopicLevel;
  after: string;
}

/**
 * Compiles a template such as `{enterprise}/{site}/{line}/{machine}/_{contract}`. What a level holds beyond the
 * characters that MQTT allows there (`/ + #` and NUL) is percent-encoded; `{signal}` at the end may span levels.
 * @param fixed levels that are the same for every topic
 * @throws MW_UNS_TEMPLATE_INVALID
 */
export function compileTemplate(template: string, fixed: TopicFields = {}): TopicTemplate {
  const segments = template.split('/').map((text) => readSegment(text, template));
  const spans = segments.at(-1)?.level === 'signal';

  return {
    levels: new Set(segments.flatMap(({ level }) => level ?? [])),
    format(fields) {
      const parts: string[] = [];
      for (const [at, { before, level, after }] of segments.entries()) {
        if (level === undefined) {
          parts.push(before);
          continue;
        }
        const value = fields[level] ?? fixed[level];
        if (!value) continue;
        const whole = spans && at === segments.length - 1;
        parts.push(before + (whole ? value.split('/').map(encodeLevel).join('/') : encodeLevel(value)) + after);
      }
      const topic = parts.join('/');
      if (!isTopicName(topic)) throw new MillwrightError('MW_UNS_TOPIC_INVALID', { topic: topic || template });
      return topic;
    },
    parse(topic) {
      const parts = topic.split('/');
      const expected = segments.filter(({ level }) => level === undefined || fixed[level] !== '');
      if (spans ? parts.length < expected.length : parts.length !== expected.length) return undefined;
      const fields: TopicFields = {};
      for (const [at, { before, level, after }] of expected.entries()) {
        const whole = spans && at === expected.length - 1;
        const part = whole ? parts.slice(at).join('/') : parts[at]!;
        if (level === undefined) {
          if (part !== before) return undefined;
          continue;
        }
        if (!part.startsWith(before) || !part.endsWith(after) || part.length <= before.length + after.length)
          return undefined;
        const inner = part.slice(before.length, part.length - after.length);
        const value = decodeLevel(inner);
        if (fixed[level] !== undefined && value !== fixed[level]) return undefined;
        fields[level] = value;
      }
      return fields;
    },
  };
}

function readSegment(text: string, template: string): Segment {
  const invalid = (reason: string) => new MillwrightError('MW_UNS_TEMPLATE_INVALID', { template, reason });
  const found = /^([^{}]*)\{([a-z]+)\}([^{}]*)$/.exec(text);
  const literal = found ? found[1]! + found[3]! : text;
  if (/[+#\0{}]/.test(literal)) throw invalid(`illegal characters in ${JSON.stringify(text.slice(0, 60))}`);
  if (!found) {
    if (text === '') throw invalid('an empty level');
    return { before: text, after: '' };
  }
  const level = topicLevels.find((one) => one === found[2]);
  if (!level) throw invalid(`unknown level {${found[2]!.slice(0, 40)}}; known are ${topicLevels.join(', ')}`);
  return { before: found[1]!, level, after: found[3]! };
}

function encodeLevel(value: string): string {
  return value.replace(/[%/+#\0]/g, (one) => `%${one.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`);
}

function decodeLevel(text: string): string {
  return text.replace(/%(25|2F|2B|23|00)/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

/** A tag `line/machine/signal` as levels; what stands after the machine is the signal, and shorter tags lack the first. */
export function tagLevels(tag: string): TopicFields {
  const parts = tag.split('/');
  if (parts.length === 1) return { signal: tag };
  if (parts.length === 2) return { machine: parts[0]!, signal: parts[1]! };
  return { line: parts[0]!, machine: parts[1]!, signal: parts.slice(2).join('/') };
}

/** A path that ends at a machine (`line/machine` or `machine`) as levels. */
export function pathLevels(path: string): TopicFields {
  const [machine = '', line] = path.split('/').reverse();
  return line === undefined ? { machine } : { line, machine };
}

/** The tag that a topic stands for: `line/machine/signal` by the template, the whole topic where it has another form. */
export function tagOfTopic(template: TopicTemplate, topic: string): string {
  const { line, machine, signal } = template.parse(topic) ?? {};
  if (signal === undefined) return topic;
  return [line, machine, signal].filter((part) => part !== undefined).join('/');
}
