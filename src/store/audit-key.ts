import { readFileSync, writeFileSync } from 'node:fs';
import type { KeyObject } from 'node:crypto';
import { newAuditKey, publicPem, readAuditKey } from '../audit/index.ts';
import { MillwrightError } from '../kernel/index.ts';

/**
 * The key that signs: the one given, else the one in `<database>.audit-key.pem`, made on first use and readable by
 * its owner only. Its public half lies beside it in `<database>.audit-key.pub.pem`, for verifiers.
 */
export function loadAuditKey(databaseFile: string, given: string | undefined): KeyObject {
  if (given !== undefined && given !== '') return readAuditKey(given);
  const file = `${databaseFile}.audit-key.pem`;
  try {
    return readAuditKey(readFileSync(file, 'utf8'));
  } catch (thrown) {
    if (!isMissing(thrown)) throw thrown instanceof MillwrightError ? thrown : unavailable(file, thrown);
  }
  const pem = newAuditKey();
  const key = readAuditKey(pem);
  try {
    writeFileSync(file, pem, { mode: 0o600, flag: 'wx' });
    writeFileSync(`${databaseFile}.audit-key.pub.pem`, publicPem(key), { mode: 0o644 });
  } catch (thrown) {
    throw unavailable(file, thrown);
  }
  return key;
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';
}

function unavailable(file: string, cause: unknown): MillwrightError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new MillwrightError('MW_STORE_UNAVAILABLE', { file, reason }, cause);
}
