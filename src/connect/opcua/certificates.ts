import { X509Certificate } from 'node:crypto';
import { isoInstant } from '../../kernel/index.ts';

/** What a person needs to know of an X.509 certificate before trusting it. */
export interface CertificateFacts {
  /** `CN=…, O=…`. */
  subject: string;
  issuer: string;
  /** SHA-256 of the certificate, 64 upper-case hex digits: by this it is accepted. */
  fingerprint: string;
  /** SHA-1 of the certificate, 40 upper-case hex digits: what OPC UA servers show as thumbprint. */
  thumbprint: string;
  /** ISO 8601 UTC. */
  validFrom: string;
  validTo: string;
  /** The application URI in the subject alternative name, empty where it has none. */
  applicationUri: string;
  /** DNS names and IP addresses in the subject alternative name. */
  hostNames: string[];
  /** It may issue certificates: trusting it means to trust all of them. */
  isAuthority: boolean;
}

/** Where an instant lies in a certificate's period of validity. */
export type Validity = 'valid' | 'expiring' | 'expired' | 'not-yet-valid';

/** People are warned this long before a certificate ends. */
const warningMs = 30 * 86_400_000;
const dayMs = 86_400_000;

/**
 * Reads a certificate, PEM or DER; of a chain the first one, which is the server's own.
 * @throws what `X509Certificate` throws where it is none
 */
export function readCertificate(bytes: Buffer | string): X509Certificate {
  return new X509Certificate(bytes);
}

/** The facts of one certificate. */
export function factsOf(certificate: X509Certificate): CertificateFacts {
  const names = alternativeNames(certificate.subjectAltName ?? '');
  return {
    subject: certificate.subject.replaceAll('\n', ', '),
    issuer: certificate.issuer.replaceAll('\n', ', '),
    fingerprint: certificate.fingerprint256.replaceAll(':', ''),
    thumbprint: certificate.fingerprint.replaceAll(':', ''),
    validFrom: isoInstant(Date.parse(certificate.validFrom)),
    validTo: isoInstant(Date.parse(certificate.validTo)),
    applicationUri: names.find(([kind]) => kind === 'URI')?.[1] ?? '',
    hostNames: names.filter(([kind]) => kind !== 'URI').map(([, name]) => name),
    isAuthority: certificate.ca,
  };
}

/** Parts of OpenSSL's `DNS:a, URI:"b, c", IP Address:127.0.0.1`; a name with separators in it stands in quotes. */
function alternativeNames(text: string): [kind: string, name: string][] {
  return [...text.matchAll(/(DNS|URI|IP Address):("(?:[^"\\]|\\.)*"|[^,"]*)/g)].map(([, kind = '', name = '']) => [
    kind,
    name.startsWith('"') ? (JSON.parse(name) as string) : name.trim(),
  ]);
}

/** Whether a certificate is valid at an instant (milliseconds since 1970), and whether it soon ends. */
export function validityAt({ validFrom, validTo }: CertificateFacts, nowMs: number): Validity {
  const endMs = Date.parse(validTo);
  if (nowMs >= endMs) return 'expired';
  if (nowMs < Date.parse(validFrom)) return 'not-yet-valid';
  return endMs - nowMs < warningMs ? 'expiring' : 'valid';
}

/** Whole days until a certificate ends. */
export function daysLeft({ validTo }: CertificateFacts, nowMs: number): number {
  return Math.floor((Date.parse(validTo) - nowMs) / dayMs);
}

/** Whether a certificate names the host of an address; a plant's servers are often reached by another name. */
export function namesHost({ hostNames }: CertificateFacts, endpointUrl: string): boolean {
  const address = URL.parse(endpointUrl.replace(/^opc\.tcp:/, 'http:'));
  const host = (address?.hostname ?? '').replace(/^\[|\]$/g, '');
  return hostNames.some((name) => name.toLowerCase() === host.toLowerCase());
}
