import { Type, type Static, type TObject, type TProperties } from 'typebox';
import type { ContractType } from '../registry.ts';

/** What the build and the wrapper know of one palette node: the one source of its defaults, validators and door. */
export interface NodeDefinition<C extends TObject = TObject> {
  /** Palette type and folder name, `mw-…`. */
  type: string;
  kind: 'config' | 'flow';
  inputs: 0 | 1;
  outputs: number;
  /** File in `icons/`. */
  icon: string;
  /** The setting that stands for a node without a name. */
  label?: string;
  /** Editor properties with their defaults; `name` and `version` are added to each. */
  config: C;
  /** Secrets, by property: never part of a flow export. */
  credentials?: Record<string, { type: 'text' | 'password' }>;
  /** Contracts the input takes, the first one being assumed where `msg.mw` is absent and there is no simple form. */
  accepts?: readonly ContractType[];
  /** Names of the output ports, by key in the node's catalogue. */
  outputLabels?: readonly string[];
}

/** The configuration that a node's runtime gets, after migration and validation. */
export type ConfigOf<D> = D extends NodeDefinition<infer C> ? Static<C> : never;

/** Declares a node; adds the two properties that every node has. */
export function defineNode<P extends TProperties>(
  definition: Omit<NodeDefinition, 'config'> & { version: number; config: P },
): NodeDefinition<TObject<P>> {
  const { version, config, ...rest } = definition;
  const properties = {
    name: Type.String({ default: '', maxLength: 200 }),
    version: Type.Integer({ default: version, minimum: version, maximum: version }),
    ...config,
  };
  return { ...rest, config: Type.Object(properties) };
}

/** A property that names a config node of the given type. */
export function configNode(type: string, { optional = false } = {}) {
  return Type.String({ default: '', 'x-node': type, ...(optional ? {} : { minLength: 1 }) });
}
