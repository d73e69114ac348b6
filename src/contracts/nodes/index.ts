import { adviseNode } from './advise.ts';
import { askNode, dispatchNode, instructNode } from './carry-out.ts';
import { boardNode, scheduleNode, twinNode } from './decide.ts';
import { demoPlantNode } from './demo-plant.ts';
import { llmNode } from './llm.ts';
import { mcpNode } from './mcp.ts';
import { monitorNode } from './monitor.ts';
import type { NodeDefinition } from './node-definition.ts';
import { opcuaEndpointNode, opcuaSecurityModes, opcuaSecurityPolicies, type OpcuaSecurity } from './opcua-endpoint.ts';
import { opcuaInNode } from './opcua-in.ts';
import { opcuaRequestNode } from './opcua-request.ts';
import { recordNode } from './record.ts';
import { siteNode } from './site.ts';
import { storeNode } from './store.ts';
import { trustNode } from './trust.ts';
import { unsBrokerNode, unsInNode, unsOutNode } from './uns.ts';

export * from './node-definition.ts';
export { unsContracts, type UnsContract } from './uns.ts';
export type { AllowListRow } from './opcua-endpoint.ts';
export {
  adviseNode,
  askNode,
  boardNode,
  demoPlantNode,
  dispatchNode,
  instructNode,
  llmNode,
  mcpNode,
  monitorNode,
  opcuaEndpointNode,
  opcuaInNode,
  opcuaRequestNode,
  opcuaSecurityModes,
  opcuaSecurityPolicies,
  recordNode,
  scheduleNode,
  siteNode,
  storeNode,
  trustNode,
  twinNode,
  unsBrokerNode,
  unsInNode,
  unsOutNode,
};
export type { OpcuaSecurity };

/** Every node of the palette, in the order in which it stands there. */
export const nodeDefinitions: readonly NodeDefinition[] = [
  siteNode,
  storeNode,
  opcuaEndpointNode,
  unsBrokerNode,
  llmNode,
  demoPlantNode,
  opcuaInNode,
  opcuaRequestNode,
  unsInNode,
  unsOutNode,
  recordNode,
  monitorNode,
  scheduleNode,
  twinNode,
  boardNode,
  dispatchNode,
  instructNode,
  askNode,
  adviseNode,
  mcpNode,
  trustNode,
];
