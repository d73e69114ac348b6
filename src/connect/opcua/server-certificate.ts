import { MillwrightError } from '../../kernel/index.ts';
import { factsOf, readCertificate, validityAt, type CertificateFacts } from './certificates.ts';

/** What the library's certificate manager says of a certificate or chain, by name of the OPC UA status. */
export type Verdict = (chain: Buffer) => Promise<string>;

/** RSA keys below this are refused by every policy that is not withdrawn (OPC 10000-7). */
const shortestKeyBits = 2048;

/**
 * Whether a server's certificate may be relied on: trusted, or issued by a trusted authority whose revocation list
 * is there; valid now, also where it was trusted before; long enough; made out for the application that shows it.
 * @throws MW_OPCUA_CERTIFICATE_UNTRUSTED, MW_OPCUA_CERTIFICATE_TIME, MW_OPCUA_CERTIFICATE_URI, MW_OPCUA_CERTIFICATE_INVALID
 */
export async function checkServerCertificate(
  chain: Buffer,
  { endpoint, applicationUri, nowMs }: { endpoint: string; applicationUri: string; nowMs: number },
  verdict: Verdict,
): Promise<CertificateFacts> {
  const invalid = (status: string) => new MillwrightError('MW_OPCUA_CERTIFICATE_INVALID', { endpoint, status });
  const certificate = readOrUndefined(chain);
  if (!certificate) throw invalid('BadCertificateInvalid');
  const facts = factsOf(certificate);
  const { subject, thumbprint, fingerprint, validFrom, validTo } = facts;
  const status = await verdict(chain);
  if (status === 'BadCertificateUntrusted')
    throw new MillwrightError('MW_OPCUA_CERTIFICATE_UNTRUSTED', { endpoint, subject, thumbprint, fingerprint });
  if (status === 'BadCertificateTimeInvalid' || ['expired', 'not-yet-valid'].includes(validityAt(facts, nowMs)))
    throw new MillwrightError('MW_OPCUA_CERTIFICATE_TIME', {
      endpoint,
      subject,
      from: validFrom.slice(0, 10),
      to: validTo.slice(0, 10),
    });
  if (status !== 'Good') throw invalid(status);
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
  if (asymmetricKeyType !== 'rsa' || (asymmetricKeyDetails?.modulusLength ?? 0) < shortestKeyBits)
    throw invalid('BadCertificatePolicyCheckFailed');
  if (facts.applicationUri !== applicationUri)
    throw new MillwrightError('MW_OPCUA_CERTIFICATE_URI', {
      endpoint,
      found: facts.applicationUri,
      expected: applicationUri,
    });
  return facts;
}

function readOrUndefined(chain: Buffer) {
  try {
    return readCertificate(chain);
  } catch {
    return undefined;
  }
}
