import type { KeyObject } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { newAuditKey, publicPem, readAuditKey } from '../audit/index.ts';
import { MillwrightError, uuidv7 } from '../kernel/index.ts';

/**
 * The key that signs: the one given, else the one in `<database>.audit-key.pem`, made on first use and readable by
 * its owner only. Its public half lies beside it in `<database>.audit-key.pub.pem`, for verifiers.
 */
export function loadAuditKey(databaseFile: string, given: string | undefined): KeyObject {
  if (given !== undefined && given !== '') return readAuditKey(given);
  const file = `${databaseFile}.audit-key.pem`;
  try {
    if (!existsSync(file)) makeKey(file);
    const key = readAuditKey(readFileSync(file, 'utf8'));
    const publicFile = `${databaseFile}.audit-key.pub.pem`;
    if (!existsSync(publicFile)) writeFileSync(publicFile, publicPem(key), { mode: 0o644 });
    return key;
  } catch (thrown) {
    throw thrown instanceof MillwrightError ? thrown : unavailable(file, thrown);
  }
}

/** The file appears whole or not at all; where two stores make it at once the first one's stands. */
function makeKey(file: string): void {
  const draft = `${file}.${uuidv7()}`;
  try {
    writeFileSync(draft, newAuditKey(), { mode: 0o600, flag: 'wx' });
    linkSync(draft, file);
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) throw thrown;
  } finally {
    rmSync(draft, { force: true });
  }
}

function unavailable(file: string, cause: unknown): MillwrightError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new MillwrightError('MW_STORE_UNAVAILABLE', { file, reason }, cause);
}
