import { MillwrightError, type Clock } from '../../kernel/index.ts';
import { daysLeft, validityAt, type CertificateFacts } from './certificates.ts';
import type { LinkFeature } from './session-link.ts';

/** Certificates in use on a connection. */
interface CertificatesInUse {
  server?: CertificateFacts;
  own: CertificateFacts;
}

/** Looks at the certificates in use, at once and then once a day, as long as there is a connection. */
export interface ExpiryWatch extends LinkFeature {
  /** Names the certificates that are in use from now on. */
  inUse(certificates: CertificatesInUse): void;
}

const dayMs = 86_400_000;

/** Warns of certificates that end within 30 days. */
export function openExpiryWatch(
  endpoint: string,
  clock: Clock,
  onWarning: (warning: MillwrightError) => void,
): ExpiryWatch {
  let present: CertificatesInUse | undefined;
  const lookedAt = new Map<string, number>();

  function look({ server, own }: CertificatesInUse): void {
    const nowMs = clock.now();
    const warn = (facts: CertificateFacts, warning: (days: string, to: string) => MillwrightError) => {
      if (nowMs - (lookedAt.get(facts.fingerprint) ?? -Infinity) < dayMs) return;
      lookedAt.set(facts.fingerprint, nowMs);
      if (validityAt(facts, nowMs) === 'valid') return;
      onWarning(warning(String(Math.max(0, daysLeft(facts, nowMs))), facts.validTo.slice(0, 10)));
    };
    if (server)
      warn(server, (days, to) => {
        const { subject } = server;
        return new MillwrightError('MW_OPCUA_CERTIFICATE_EXPIRES', { endpoint, subject, days, to });
      });
    warn(own, (days, to) => new MillwrightError('MW_OPCUA_OWN_EXPIRES', { days, to }));
  }
  return {
    inUse(certificates) {
      present = certificates;
      look(certificates);
    },
    attach: () => Promise.resolve(),
    detach: () => undefined,
    supervise: () => {
      if (present) look(present);
    },
    close: () => Promise.resolve(),
  };
}
