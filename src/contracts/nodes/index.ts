import type { NodeDefinition } from './node-definition.ts';
import { siteNode } from './site.ts';

export * from './node-definition.ts';
export { siteNode };

/** Every node of the palette, in the order in which it stands there. */
export const nodeDefinitions: readonly NodeDefinition[] = [siteNode];
