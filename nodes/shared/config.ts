import type { ConfigOf, NodeDefinition } from '../../src/contracts/index.ts';
import { compileCheck, MillwrightError, type Check } from '../../src/kernel/index.ts';

/** Raises one version of a node's configuration to the next; pure. */
export type Migration = (config: Record<string, unknown>) => Record<string, unknown>;

const checks = new WeakMap<NodeDefinition, Check>();

/**
 * The node's own properties out of what Node-RED hands in, migrated to the present version and checked.
 * @param migrations `migrations[n]` raises version n + 1 to n + 2
 * @throws MW_CONFIG_MISSING for an empty property that is needed
 * @throws MW_CONFIG_INVALID with the property, what was found and what is expected
 */
export function readConfig<D extends NodeDefinition>(
  definition: D,
  raw: Record<string, unknown>,
  migrations: readonly Migration[] = [],
): ConfigOf<D> {
  const properties = definition.config.properties as Record<
    string,
    { type?: string; minLength?: number; default?: unknown }
  >;
  const present = migrations.length + 1;
  let config = raw;
  for (let version = Number(raw.version ?? 1); version < present; version++)
    config = { ...(migrations[version - 1]?.(config) ?? config), version: version + 1 };
  const own: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(properties)) {
    own[key] = asTyped(schema.type, config[key]) ?? structuredClone(schema.default);
    if (schema.minLength && (own[key] ?? '') === '') throw new MillwrightError('MW_CONFIG_MISSING', { property: key });
  }
  const check = checks.get(definition) ?? compileCheck(definition.config);
  checks.set(definition, check);
  const problem = check(own);
  if (problem) throw new MillwrightError('MW_CONFIG_INVALID', { ...problem });
  return own as ConfigOf<D>;
}

/** The editor and environment variables give numbers as text. */
function asTyped(type: string | undefined, value: unknown): unknown {
  const wantsNumber = type === 'number' || type === 'integer';
  return wantsNumber && typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
}
