#!/usr/bin/env node
import { createReadStream, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { keyFingerprint, linesOf, publicPem, readPublicKey, verifyExport } from '../audit/index.ts';
import { report } from './report.ts';

const help = `Verifies an export of Millwright's audit log without the runtime.

Usage: node-red-shopfloor verify FILE [--key PEMFILE] [--checkpoint SIZE:ROOT]

  FILE                    the export, as mw-trust or the store wrote it
  --key PEMFILE           public key of the log (<database>.audit-key.pub.pem), best had from elsewhere:
                          an export that this key did not sign fails
  --checkpoint SIZE:ROOT  size and root (hex) of an earlier checkpoint that left the machine: only with one is it
                          found when the log's newest entries were cut off
  --help                  this text

Exit code: 0 verified, 1 not verified, 2 wrong usage or unreadable file.
`;

/** A mistake of the caller: wrong usage or a file that cannot be read. */
class UsageError extends Error {}

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parse(args);
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const [command, file, ...more] = positionals;
  if (command !== 'verify' || file === undefined || more.length > 0)
    throw new UsageError('expected: node-red-shopfloor verify FILE (see --help)');
  const key = values.key === undefined ? undefined : readPublicKey(readText(values.key));
  const known = values.checkpoint === undefined ? undefined : parseCheckpoint(values.checkpoint);
  const lines = linesOf(createReadStream(file));
  const result = await verifyExport(lines, { ...(key ? { key } : {}), ...(known ? { known } : {}) });
  process.stdout.write(report(result, { ...(key ? { fingerprint: keyFingerprint(publicPem(key)) } : {}), known }));
  return result.verified ? 0 : 1;
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { help: { type: 'boolean' }, key: { type: 'string' }, checkpoint: { type: 'string' } },
    });
  } catch (thrown) {
    throw new UsageError(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    throw new UsageError(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function parseCheckpoint(text: string): { size: number; rootHash: string } {
  const match = /^(\d{1,15}):([0-9a-fA-F]{64})$/.exec(text);
  if (!match) throw new UsageError('--checkpoint takes SIZE:ROOT, the root as 64 hex digits');
  return { size: Number(match[1]), rootHash: match[2]!.toLowerCase() };
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (thrown) {
  process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
  process.exitCode = 2;
}
