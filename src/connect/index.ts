export { openAlarmSource } from './opcua/alarm-source.ts';
export { daysLeft, validityAt, type CertificateFacts } from './opcua/certificates.ts';
export {
  discoverOpcuaServer,
  importOpcuaTrust,
  openOpcuaConnection,
  renewOpcuaCertificate,
  type OfferedCertificate,
  type OpcuaDiscovery,
} from './opcua/client.ts';
export type { OfferedEndpoint } from './opcua/endpoints.ts';
export { readOwnCertificates } from './opcua/own-certificate.ts';
export * from './opcua/find-variables.ts';
export { withNamespaceUri } from './opcua/namespaces.ts';
export { openAllowList, type AllowList } from './opcua/allow-list.ts';
export { readRawHistory, type RawHistoryRequest, type TagHistory } from './opcua/history.ts';
export { hostOpcuaServer, type HostedOpcuaServer } from './opcua/hosted-server.ts';
export * from './opcua/profiles/discover.ts';
export { openProfileInterpreter, type ProfileInterpreter } from './opcua/profiles/interpreter.ts';
export {
  type ChosenMachine,
  type DiscoveredMachine,
  type MachineProfile,
  type ProfilePayload,
} from './opcua/profiles/types.ts';
export * from './opcua/served/description.ts';
export { isChange, runRequest, type ItemResult } from './opcua/request.ts';
export * from './opcua/server.ts';
export {
  acceptCertificate,
  forgetCertificate,
  readTrustList,
  rejectCertificate,
  type TrustList,
} from './opcua/trust-list.ts';
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
export type { ActionLog } from './ports.ts';
export * from './queue/delivery.ts';
export * from './queue/queue.ts';
export * from './tag-source.ts';
export type { MqttLink, MqttLinkOptions, MqttMessage, MqttReceived, MqttSubscription, Qos } from './uns/types.ts';
export { startMqttBroker, type MqttBroker } from './uns/broker.ts';
export { openMqttLink } from './uns/client.ts';
export { fileFilterMemory } from './uns/filter-memory.ts';
export { openForwarder, type Forwarder, type ForwarderOptions } from './uns/forwarder.ts';
export { stableClientId } from './uns/client-id.ts';
export { markDuplicate, writeBody } from './uns/json-body.ts';
export { openJsonEncoder, type JsonEncoder } from './uns/json-encoder.ts';
export { pemText } from './uns/pem.ts';
export { compileTemplate, tagOfTopic, type TopicFields, type TopicTemplate } from './uns/topic-template.ts';
export { openUnsSource, type UnsMessage, type UnsSource, type UnsSourceOptions } from './uns/uns-source.ts';
export {
  openSparkplugEdge,
  type SparkplugEdge,
  type SparkplugEdgeHandlers,
  type SparkplugEdgeOptions,
} from './uns/sparkplug/edge.ts';
export {
  openSparkplugHost,
  type SparkplugHost,
  type SparkplugHostHandlers,
  type SparkplugHostOptions,
  type SparkplugListener,
} from './uns/sparkplug/host.ts';
export {
  openSampleForwarder,
  type SampleForwarder,
  type SampleForwarderOptions,
} from './uns/sparkplug/sample-forwarder.ts';
export {
  openSparkplugSource,
  type SparkplugSource,
  type SparkplugSourceOptions,
} from './uns/sparkplug/sample-source.ts';
