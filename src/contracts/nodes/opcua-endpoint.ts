import { Type, type Static } from 'typebox';
import { oneOf } from '../parts.ts';
import { defineNode } from './node-definition.ts';

/** Security policies of OPC 10000-7 that this package uses, from the strongest. */
export const opcuaSecurityPolicies = ['Aes256_Sha256_RsaPss', 'Aes128_Sha256_RsaOaep', 'Basic256Sha256'] as const;

/** Modes of a secured channel. */
export const opcuaSecurityModes = ['SignAndEncrypt', 'Sign'] as const;

/** How a channel is secured: the best that the server offers with encryption, one policy and mode exactly, or not. */
export type OpcuaSecurity =
  'best' | `${(typeof opcuaSecurityPolicies)[number]}-${(typeof opcuaSecurityModes)[number]}` | 'none';

const securities: OpcuaSecurity[] = [
  'best',
  ...opcuaSecurityModes.flatMap((mode) => opcuaSecurityPolicies.map((policy) => `${policy}-${mode}` as const)),
  'none',
];

const nodeId = '(?:ns=\\d{1,5};|nsu=[^;]+;)?(?:i=\\d+|[sgb]=.+)';
const limits = { minLength: 1, maxLength: 500 };

/**
 * One row of the allow list: a variable that may be written, a method that may be called on one object, or what is
 * never to be touched. Numbers outside `low`…`high` are refused, also as elements of arrays and as arguments.
 */
const AllowListRow = Type.Object(
  {
    kind: oneOf('write', 'call', 'never'),
    /** `ns=…;…` or `nsu=<namespace uri>;…`; the method's id where `kind` is `call`; `never` may end with `*`. */
    nodeId: Type.String({ ...limits, pattern: `^(?:${nodeId}|(?:ns=\\d{1,5};|nsu=)?[^*]*\\*)$` }),
    /** Object on which the method is called; needed where `kind` is `call`. */
    objectId: Type.Optional(Type.String({ ...limits, pattern: `^${nodeId}$` })),
    low: Type.Optional(Type.Number()),
    high: Type.Optional(Type.Number()),
    /** Writes or calls a minute; 6 where absent. */
    perMinute: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 6_000 })),
  },
  {
    additionalProperties: false,
    if: { properties: { kind: { const: 'call' } } },
    then: { required: ['objectId'] },
  },
);
export type AllowListRow = Static<typeof AllowListRow>;

/** One shared, recovering OPC UA session. */
export const opcuaEndpointNode = defineNode({
  type: 'mw-opcua-endpoint',
  kind: 'config',
  version: 1,
  inputs: 0,
  outputs: 0,
  icon: 'mw-opcua-endpoint.svg',
  label: 'endpointUrl',
  config: {
    endpointUrl: Type.String({
      default: 'opc.tcp://127.0.0.1:4840',
      pattern: '^opc\\.tcp://[^\\s]+$',
      minLength: 1,
      maxLength: 500,
      'x-icon': 'globe',
    }),
    security: { ...oneOf(...securities), default: 'best', 'x-icon': 'shield' },
    login: { ...oneOf('anonymous', 'user', 'certificate'), default: 'anonymous', 'x-icon': 'user' },
    /** Whether alarms may be acknowledged and confirmed through this endpoint. */
    acknowledge: Type.Boolean({ default: false, 'x-icon': 'bell-o' }),
    /** What may be written and called through this endpoint; nothing where empty. */
    allowList: Type.Array(AllowListRow, { default: [], maxItems: 1_000, 'x-hidden': true }),
  },
  credentials: {
    user: { type: 'text' },
    password: { type: 'password' },
    certificate: { type: 'text' },
    privateKey: { type: 'password' },
    passphrase: { type: 'password' },
  },
});
