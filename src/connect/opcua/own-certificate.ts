import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isoInstant, uuidv7 } from '../../kernel/index.ts';
import { factsOf, readCertificate, validityAt, type CertificateFacts } from './certificates.ts';

/** A certificate of this client with its private key. */
export interface OwnCertificate {
  facts: CertificateFacts;
  /** DER. */
  certificate: Buffer;
  key: KeyObject;
}

/** Signs a certificate for a key with that key, and writes it as PEM. */
export type IssueCertificate = (request: {
  key: KeyObject;
  applicationUri: string;
  hostName: string;
  from: Date;
  days: number;
  outputFile: string;
}) => Promise<void>;

const validDays = 5 * 365;
const keyBits = 2048;
const makeKeyPair = promisify(generateKeyPair);

/** One maker at a time for each folder: two endpoints that open at once share one certificate. */
const busy = new Map<string, Promise<unknown>>();

function oneByOne<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const turn = (busy.get(folder) ?? Promise.resolve()).then(work, work);
  const settled = turn
    .catch(() => undefined)
    .then(() => {
      if (busy.get(folder) === settled) busy.delete(folder);
    });
  busy.set(folder, settled);
  return turn;
}

/**
 * This client's certificates that are valid now, the youngest first; makes one where there is none. Each is a pair of
 * files of the same name in `own/certs` and `own/private`: a new one never overwrites an old one.
 * @returns `made` where a certificate had to be made, because there was none or the last one had expired
 */
export function ownCertificates(
  folder: string,
  issue: IssueCertificate,
  nowMs: number,
): Promise<{ valid: OwnCertificate[]; made?: 'first' | 'expired' }> {
  return oneByOne(folder, async () => {
    const all = await readOwn(folder);
    const valid = all.filter(({ facts }) => ['valid', 'expiring'].includes(validityAt(facts, nowMs)));
    if (valid.length > 0) return { valid };
    const made = await make(folder, issue, nowMs, all[0]?.facts.applicationUri);
    return { valid: [made], made: all.length > 0 ? 'expired' : 'first' };
  });
}

/**
 * Makes a new certificate with a new key under the same application URI. It is offered first from the next connection
 * on; the old one stays as long as it is valid, for servers that do not trust the new one yet.
 */
export function renewOwnCertificate(folder: string, issue: IssueCertificate, nowMs: number): Promise<OwnCertificate> {
  return oneByOne(folder, async () => {
    const [last] = await readOwn(folder);
    return make(folder, issue, nowMs, last?.facts.applicationUri);
  });
}

/** This client's certificates, expired ones too, the youngest first: the first one is offered to servers first. */
export async function readOwnCertificates(folder: string): Promise<(CertificateFacts & { certificate: Buffer })[]> {
  return (await readOwn(folder)).map(({ facts, certificate }) => ({ ...facts, certificate }));
}

async function readOwn(folder: string): Promise<OwnCertificate[]> {
  const names = await readdir(join(folder, 'own/certs')).catch(() => []);
  const youngestNameFirst = names
    .filter((name) => name.endsWith('.pem'))
    .sort()
    .reverse();
  const read = await Promise.all(youngestNameFirst.map((name) => readPair(folder, name)));
  const pairs = read.filter((pair) => pair !== undefined);
  return pairs.sort((a, b) => b.facts.validFrom.localeCompare(a.facts.validFrom));
}

async function readPair(folder: string, name: string): Promise<OwnCertificate | undefined> {
  try {
    const certificate = readCertificate(await readFile(join(folder, 'own/certs', name)));
    const key = createPrivateKey(await readFile(join(folder, 'own/private', name)));
    if (!certificate.checkPrivateKey(key)) return undefined;
    return { facts: factsOf(certificate), certificate: certificate.raw, key };
  } catch {
    return undefined;
  }
}

async function make(
  folder: string,
  issue: IssueCertificate,
  nowMs: number,
  knownUri: string | undefined,
): Promise<OwnCertificate> {
  const id = uuidv7().slice(-8);
  const host = hostname();
  const name = `millwright-${isoInstant(nowMs).replaceAll(':', '')}-${id}.pem`;
  const certs = join(folder, 'own/certs');
  const secret = join(folder, 'own/private');
  await mkdir(certs, { recursive: true });
  await mkdir(secret, { recursive: true });
  await chmod(secret, 0o700);
  const { privateKey: key } = await makeKeyPair('rsa', { modulusLength: keyBits });
  const pem = key.export({ type: 'pkcs8', format: 'pem' });
  await writeFile(join(secret, name), pem, { mode: 0o600, flag: 'wx' });
  const part = join(certs, `${name}.part`);
  const applicationUri = knownUri || `urn:${host}:Millwright:${id}`;
  // A day back, so that a server whose clock is a little behind does not find it not yet valid.
  await issue({
    key,
    applicationUri,
    hostName: host,
    from: new Date(nowMs - 86_400_000),
    days: validDays,
    outputFile: part,
  });
  await rename(part, join(certs, name));
  const pair = await readPair(folder, name);
  if (!pair) throw new Error(`the certificate ${name} cannot be read back`);
  return pair;
}
