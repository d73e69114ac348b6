export * from './opcua/server.ts';
