/** A 64-bit integer as two 32-bit halves, as the protobuf library reads and writes it. */
export interface WideInteger {
  low: number;
  high: number;
}

/** The value of a metric, property, parameter or cell as it stands on the wire; at most one field is set. */
export interface WireValue {
  intValue?: number;
  longValue?: WideInteger;
  floatValue?: number;
  doubleValue?: number;
  booleanValue?: boolean;
  stringValue?: string;
  bytesValue?: Uint8Array;
  datasetValue?: WireDataSet;
  templateValue?: WireTemplate;
  propertysetValue?: WirePropertySet;
  propertysetsValue?: { propertyset: WirePropertySet[] };
}

/** A table of values. */
export interface WireDataSet {
  numOfColumns?: WideInteger;
  columns: string[];
  types: number[];
  rows: { elements: WireValue[] }[];
}

/** A template's definition or an instance of it. */
export interface WireTemplate {
  version?: string;
  metrics: WireMetric[];
  parameters: (WireValue & { name?: string; type?: number })[];
  templateRef?: string;
  isDefinition?: boolean;
}

/** Properties by key; both lists have the same length. */
export interface WirePropertySet {
  keys: string[];
  values: (WireValue & { type?: number; isNull?: boolean })[];
}

/** A metric as it stands on the wire; fields that were not sent are absent. */
export interface WireMetric extends WireValue {
  name?: string;
  alias?: WideInteger;
  timestamp?: WideInteger;
  datatype?: number;
  isHistorical?: boolean;
  isTransient?: boolean;
  isNull?: boolean;
  properties?: WirePropertySet;
}

/** A payload as it stands on the wire; fields that were not sent are absent. */
export interface WirePayload {
  timestamp?: WideInteger;
  metrics: WireMetric[];
  seq?: WideInteger;
  uuid?: string;
  body?: Uint8Array;
}

const twoTo32 = 4_294_967_296;

/** Splits a whole number from -2^63 to 2^64 - 1. */
export function wideOf(value: bigint): WideInteger {
  const bits = BigInt.asUintN(64, value);
  return { low: Number(bits & 0xffff_ffffn), high: Number(bits >> 32n) };
}

/** Splits a whole number up to 2^53. */
export function wideOfNumber(value: number): WideInteger {
  return { low: value >>> 0, high: Math.floor(value / twoTo32) >>> 0 };
}

/** Joins the halves without loss. */
export function bigOf({ low, high }: WideInteger, signed: boolean): bigint {
  const bits = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
  return signed ? BigInt.asIntN(64, bits) : bits;
}

/** Joins the halves of a signed number; exact up to 2^53. */
export function numberOf({ low, high }: WideInteger): number {
  return (high | 0) * twoTo32 + (low >>> 0);
}
