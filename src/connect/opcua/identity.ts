import { createPrivateKey } from 'node:crypto';
import type { UserIdentityInfo } from 'node-opcua-client';
import { MillwrightError } from '../../kernel/index.ts';
import { readCertificate } from './certificates.ts';
import type { ClientLibrary, OpcuaConnectionOptions } from './types.ts';

/**
 * Who logs in: nobody by name, a user with a password, or a person or machine with an X.509 certificate.
 * @throws MW_OPCUA_LOGIN_INVALID where certificate and key cannot be read or do not belong together
 */
export function identityOf(
  ua: Pick<ClientLibrary, 'UserTokenType'>,
  { login, credentials = {} }: Pick<OpcuaConnectionOptions, 'login' | 'credentials'>,
): UserIdentityInfo {
  if (login === 'anonymous') return { type: ua.UserTokenType.Anonymous };
  const { user = '', password = '', certificate = '', privateKey = '', passphrase } = credentials;
  if (login === 'user') return { type: ua.UserTokenType.UserName, userName: user, password };
  try {
    const read = readCertificate(certificate);
    const key = createPrivateKey({ key: privateKey, format: 'pem', ...(passphrase ? { passphrase } : {}) });
    if (!read.checkPrivateKey(key)) throw new Error('the private key belongs to another certificate');
    return {
      type: ua.UserTokenType.Certificate,
      certificateData: read.raw,
      privateKey: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MillwrightError('MW_OPCUA_LOGIN_INVALID', { reason });
  }
}
