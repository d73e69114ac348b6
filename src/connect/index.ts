export { openOpcuaConnection } from './opcua/client.ts';
export * from './opcua/server.ts';
export type {
  BrowsedNode,
  OpcuaConnection,
  OpcuaConnectionOptions,
  OpcuaSubscription,
  ReadResult,
  SubscribedTag,
  SubscriptionHandlers,
  SubscriptionOptions,
} from './opcua/types.ts';
