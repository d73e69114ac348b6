export * from './egress.ts';
export { redact } from './redact.ts';
export * from './language-model.ts';
export { fileSpentMemory } from './budget.ts';
export { type Endpoint, isPrivateAddress } from './endpoint.ts';
export { type Capabilities } from './probe.ts';
