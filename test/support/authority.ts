import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CertificateAuthority } from 'node-opcua-pki';
import { serverUri, type CertificateFiles } from './secure-server.ts';

/** A plant's own certificate authority. */
export interface Authority {
  /** DER. */
  readonly certificate: Buffer;
  /** DER of the list of what it has revoked so far. */
  revocationList(): Buffer;
  /** Issues a certificate for the server of the tests. */
  issue(folder: string): Promise<CertificateFiles>;
  /** Revokes everything that it issued. */
  revokeAll(): Promise<void>;
}

/** Founds an authority in a folder of its own. */
export async function foundAuthority(folder: string): Promise<Authority> {
  const authority = new CertificateAuthority({
    keySize: 2048,
    location: folder,
    backend: 'native',
    subject: '/CN=Works',
  });
  await authority.initialize();
  const issued: Buffer[] = [];
  return {
    certificate: authority.getCACertificateDER(),
    revocationList: () => authority.getCRLDER(),
    async issue(target) {
      const { certificateDer, privateKey } = await authority.generateKeyPairAndSignDER({
        applicationUri: serverUri,
        subject: '/CN=Line 1',
        dns: ['127.0.0.1'],
        validity: 30,
      });
      issued.push(certificateDer);
      await mkdir(target, { recursive: true });
      const files = { certificateFile: join(target, 'certificate.pem'), privateKeyFile: join(target, 'key.pem') };
      await writeFile(files.certificateFile, pem('CERTIFICATE', certificateDer));
      const { hidden } = privateKey;
      await writeFile(
        files.privateKeyFile,
        typeof hidden === 'string' ? hidden : hidden.export({ type: 'pkcs8', format: 'pem' }),
      );
      return files;
    },
    async revokeAll() {
      for (const certificate of issued) await authority.revokeCertificateDER(certificate);
    },
  };
}

function pem(kind: string, der: Buffer): string {
  return `-----BEGIN ${kind}-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END ${kind}-----\n`;
}
