import type { Dirent } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MillwrightError } from '../../kernel/index.ts';
import { factsOf, readCertificate, type CertificateFacts } from './certificates.ts';

/** Certificates by what this client thinks of them. */
export interface TrustList {
  /** Trusted servers, and authorities whose certificates are trusted. */
  trusted: CertificateFacts[];
  /** Unknown or refused ones, waiting for a person. */
  rejected: CertificateFacts[];
  /** Authorities that only complete chains. */
  issuers: CertificateFacts[];
}

interface StoredCertificate {
  name: string;
  folder: string;
  facts: CertificateFacts;
}

const folders = { trusted: 'trusted/certs', rejected: 'rejected', issuers: 'issuers/certs' } as const;
const fileLimitBytes = 64_000;
const rejectedLimit = 100;

/** The certificates of a PKI folder; files that are none are passed over. */
export async function readTrustList(folder: string): Promise<TrustList> {
  const [trusted, rejected, issuers] = await Promise.all(
    [folders.trusted, folders.rejected, folders.issuers].map((part) => stored(join(folder, part))),
  );
  return { trusted: factsIn(trusted), rejected: factsIn(rejected), issuers: factsIn(issuers) };
}

/**
 * Trusts a certificate that lies in `rejected`, by its SHA-256 fingerprint. Connections that wait for it come online
 * by themselves.
 * @throws MW_RECORD_UNKNOWN where none with this fingerprint was rejected
 */
export async function acceptCertificate(folder: string, fingerprint: string): Promise<CertificateFacts> {
  return move(folder, fingerprint, folders.rejected, folders.trusted);
}

/**
 * No longer trusts a certificate, by its SHA-256 fingerprint, and ends the connections that rest on it.
 * @throws MW_RECORD_UNKNOWN where none with this fingerprint is trusted
 */
export async function rejectCertificate(folder: string, fingerprint: string): Promise<CertificateFacts> {
  const facts = await move(folder, fingerprint, folders.trusted, folders.rejected);
  for (const end of holders.get(holderKey(folder, fingerprint)) ?? []) end();
  return facts;
}

/**
 * Takes a certificate out of `rejected`; its server puts it there again when it is next asked.
 * @throws MW_RECORD_UNKNOWN where none with this fingerprint was rejected
 */
export async function forgetCertificate(folder: string, fingerprint: string): Promise<CertificateFacts> {
  const found = await find(join(folder, folders.rejected), fingerprint);
  await rm(join(found.folder, found.name), { force: true });
  return found.facts;
}

/** Keeps the youngest 100 of the rejected certificates, so that a server that shows ever new ones fills no disk. */
export async function pruneRejected(folder: string): Promise<void> {
  const path = join(folder, folders.rejected);
  const files = await filesIn(path);
  if (files.length <= rejectedLimit) return;
  const aged = await Promise.all(
    files.map(async (file) => ({ file, ageMs: (await stat(join(path, file)).catch(() => undefined))?.mtimeMs ?? 0 })),
  );
  aged.sort((a, b) => b.ageMs - a.ageMs);
  for (const { file } of aged.slice(rejectedLimit)) await rm(join(path, file), { force: true });
}

const holders = new Map<string, Set<() => void>>();
const holderKey = (folder: string, fingerprint: string) => `${fingerprint.toUpperCase()} ${folder}`;

/** Calls back when a certificate is rejected while a connection rests on it; returns what ends the watch. */
export function whileTrusted(folder: string, fingerprint: string, onRejected: () => void): () => void {
  const key = holderKey(folder, fingerprint);
  const present = holders.get(key) ?? new Set();
  holders.set(key, present.add(onRejected));
  return () => {
    present.delete(onRejected);
    if (present.size === 0) holders.delete(key);
  };
}

async function move(folder: string, fingerprint: string, from: string, to: string): Promise<CertificateFacts> {
  const found = await find(join(folder, from), fingerprint);
  await mkdir(join(folder, to), { recursive: true });
  await rename(join(found.folder, found.name), join(folder, to, found.name));
  return found.facts;
}

/** Looks a certificate up among the files of a folder: no file name is ever made from what a person typed. */
async function find(folder: string, fingerprint: string): Promise<StoredCertificate> {
  const wanted = fingerprint.toUpperCase();
  const found = (await stored(folder)).find(({ facts }) => facts.fingerprint === wanted);
  if (!found) throw new MillwrightError('MW_RECORD_UNKNOWN', { kind: 'certificate', id: fingerprint });
  return found;
}

async function stored(folder: string): Promise<StoredCertificate[]> {
  const names = await filesIn(folder);
  const read = names.map(async (name): Promise<StoredCertificate | undefined> => {
    try {
      const path = join(folder, name);
      if ((await stat(path)).size > fileLimitBytes) return undefined;
      return { name, folder, facts: factsOf(readCertificate(await readFile(path))) };
    } catch {
      return undefined;
    }
  });
  return (await Promise.all(read)).filter((entry) => entry !== undefined);
}

async function filesIn(folder: string): Promise<string[]> {
  const entries: Dirent[] = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

function factsIn(certificates: readonly StoredCertificate[] | undefined): CertificateFacts[] {
  const facts = (certificates ?? []).map((certificate) => certificate.facts);
  return facts.sort((a, b) => a.subject.localeCompare(b.subject));
}
