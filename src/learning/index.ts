export * from './linear.ts';
export { packLinear, unpackLinear, type PackedLinear } from './pack.ts';
