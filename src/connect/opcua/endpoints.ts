import type { EndpointDescription } from 'node-opcua-client';
import { opcuaSecurityModes, opcuaSecurityPolicies, type OpcuaSecurity } from '../../contracts/index.ts';
import { MillwrightError } from '../../kernel/index.ts';
import { readCertificate } from './certificates.ts';

/** One way into a server, as it offers it. */
export interface OfferedEndpoint {
  /** Name of the policy, `None` for none. */
  policy: string;
  mode: 'None' | 'Sign' | 'SignAndEncrypt';
  /** The setting that chooses it; absent where this client does not use the policy. */
  security?: OpcuaSecurity;
  /** Whether the policy is withdrawn by the standard, because it can be broken. */
  obsolete: boolean;
  /** Ways to log in there. */
  logins: ('anonymous' | 'user' | 'certificate')[];
  /** SHA-256 of the server's certificate; empty where it shows none. */
  fingerprint: string;
}

const modes = ['Invalid', 'None', 'Sign', 'SignAndEncrypt'] as const;
const logins = ['anonymous', 'user', 'certificate'] as const;
/** Withdrawn by OPC 10000-7 because of SHA-1 and the padding of RSA 1.5. */
const obsoletePolicies: readonly string[] = ['Basic128Rsa15', 'Basic256'];

/** What a server offers over OPC UA TCP, the strongest first. */
export function offeredEndpoints(descriptions: readonly EndpointDescription[]): OfferedEndpoint[] {
  const offered = descriptions.filter(isBinaryTcp).map((description): OfferedEndpoint => {
    const policy = policyOf(description);
    const mode = modeOf(description);
    const security = securityOf(description);
    const tokens = (description.userIdentityTokens ?? []).map(({ tokenType }) => logins[tokenType as number]);
    return {
      policy,
      mode,
      ...(security === undefined ? {} : { security }),
      obsolete: obsoletePolicies.includes(policy),
      logins: logins.filter((login) => tokens.includes(login)),
      fingerprint: fingerprintOf(description),
    };
  });
  return offered.sort((a, b) => strength(b.security) - strength(a.security));
}

/**
 * The endpoint that a setting names; `best` is the strongest policy that signs and encrypts.
 * @throws MW_OPCUA_NO_SECURE_ENDPOINT, MW_OPCUA_SECURITY_NOT_OFFERED
 */
export function chooseEndpoint(
  descriptions: readonly EndpointDescription[],
  wanted: OpcuaSecurity,
  endpoint: string,
): EndpointDescription {
  const usable = descriptions.filter(isBinaryTcp);
  if (wanted === 'best') {
    const encrypting = usable.filter((description) => modeOf(description) === 'SignAndEncrypt');
    const [best] = encrypting.sort((a, b) => strength(securityOf(b)) - strength(securityOf(a)));
    if (best && securityOf(best)) return best;
    throw new MillwrightError('MW_OPCUA_NO_SECURE_ENDPOINT', { endpoint });
  }
  const found = usable.find((description) => securityOf(description) === wanted);
  if (found) return found;
  const offered = [...new Set(usable.map((description) => `${policyOf(description)}-${modeOf(description)}`))];
  throw new MillwrightError('MW_OPCUA_SECURITY_NOT_OFFERED', { endpoint, wanted, offered: offered.join(', ') });
}

/** The setting that chooses an endpoint; undefined for policies that this client does not use. */
export function securityOf(description: EndpointDescription): OpcuaSecurity | undefined {
  const policy = opcuaSecurityPolicies.find((known) => known === policyOf(description));
  const mode = opcuaSecurityModes.find((known) => known === modeOf(description));
  if (policy && mode) return `${policy}-${mode}`;
  return modeOf(description) === 'None' ? 'none' : undefined;
}

/** Encryption counts more than the policy; the policies stand in the contract from the strongest. */
function strength(security: OpcuaSecurity | undefined): number {
  if (security === undefined) return -1;
  if (security === 'none' || security === 'best') return 0;
  const rank = opcuaSecurityPolicies.findIndex((policy) => security.startsWith(policy));
  return (security.endsWith('Encrypt') ? 20 : 10) - rank;
}

function policyOf({ securityPolicyUri }: EndpointDescription): string {
  return securityPolicyUri?.split('#').at(-1) ?? 'None';
}

function modeOf({ securityMode }: EndpointDescription): OfferedEndpoint['mode'] {
  const mode = modes[securityMode as number];
  return mode === 'Sign' || mode === 'SignAndEncrypt' ? mode : 'None';
}

function isBinaryTcp({ transportProfileUri }: EndpointDescription): boolean {
  return !transportProfileUri || transportProfileUri.endsWith('/uatcp-uasc-uabinary');
}

/** SHA-256 of the server's certificate in an endpoint, empty where it shows none. */
export function fingerprintOf({ serverCertificate }: EndpointDescription): string {
  try {
    return readCertificate(serverCertificate).fingerprint256.replaceAll(':', '');
  } catch {
    return '';
  }
}
