import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  createHash,
  type KeyObject,
} from 'node:crypto';
import { isoInstant, MillwrightError } from '../kernel/index.ts';
import { canonicalJson } from './canonical.ts';

/** A statement on the log's size and root at an instant. It finds truncation once it has left the machine. */
export interface Checkpoint {
  /** The log's name, unique by store. */
  origin: string;
  size: number;
  /** Lower-case hex. */
  rootHash: string;
  /** Milliseconds since 1970 UTC. */
  at: number;
  /** PEM (SPKI) of the key that signed; proves origin only to those who know the key from elsewhere. */
  publicKey?: string;
  /** Ed25519 over `checkpointText`, base64. */
  signature?: string;
}

/** The signed text: origin, size, root in base64, instant; each line ended (after C2SP's checkpoint format). */
export function checkpointText({ origin, size, rootHash, at }: Checkpoint): string {
  return `${origin}\n${size}\n${Buffer.from(rootHash, 'hex').toString('base64')}\n${isoInstant(at)}\n`;
}

/** Signs a checkpoint. */
export function signCheckpoint(checkpoint: Checkpoint, key: KeyObject): Checkpoint {
  return {
    ...checkpoint,
    publicKey: publicPem(key),
    signature: sign(null, Buffer.from(checkpointText(checkpoint)), key).toString('base64'),
  };
}

/**
 * Whether the signature fits, by the given key or else by the one that the checkpoint names itself. Both must be
 * written exactly as `signCheckpoint` writes them, so that no other spelling of the same bytes passes.
 */
export function checkSignature(checkpoint: Checkpoint, trustedKey?: KeyObject): 'valid' | 'invalid' | 'unsigned' {
  const { publicKey, signature } = checkpoint;
  if (signature === undefined) return 'unsigned';
  try {
    const key = trustedKey ?? createPublicKey(publicKey ?? '');
    const bytes = Buffer.from(signature, 'base64');
    const exact = publicKey === publicPem(key) && bytes.toString('base64') === signature;
    return exact && verify(null, Buffer.from(checkpointText(checkpoint)), key, bytes) ? 'valid' : 'invalid';
  } catch {
    return 'invalid';
  }
}

/** The export's last line. */
export function checkpointLine(checkpoint: Checkpoint): string {
  return canonicalJson({ checkpoint });
}

/** A new Ed25519 private key as PEM (PKCS#8). */
export function newAuditKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Reads an Ed25519 private key from PEM; `MW_AUDIT_KEY_INVALID` where it is none. */
export function readAuditKey(pem: string): KeyObject {
  return readKey(() => createPrivateKey(pem));
}

/** Reads an Ed25519 public key from PEM (a private key gives its public one); `MW_AUDIT_KEY_INVALID` otherwise. */
export function readPublicKey(pem: string): KeyObject {
  return readKey(() => createPublicKey(pem));
}

function readKey(read: () => KeyObject): KeyObject {
  let key: KeyObject;
  try {
    key = read();
  } catch (cause) {
    throw new MillwrightError('MW_AUDIT_KEY_INVALID', { reason: 'it is no key in PEM form' }, cause);
  }
  if (key.asymmetricKeyType !== 'ed25519')
    throw new MillwrightError('MW_AUDIT_KEY_INVALID', { reason: `it is of type ${key.asymmetricKeyType ?? key.type}` });
  return key;
}

/** The public half of a key as PEM (SPKI). */
export function publicPem(key: KeyObject): string {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return publicKey.export({ type: 'spki', format: 'pem' }).toString();
}

/** A public key's fingerprint, to compare by eye: SHA-256 of its SPKI bytes, hex. */
export function keyFingerprint(pem: string): string {
  return createHash('sha256')
    .update(createPublicKey(pem).export({ type: 'spki', format: 'der' }))
    .digest('hex');
}
