import { existsSync, statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { writeHistory } from '../demo/index.ts';
import { parseInstant, systemClock, toMillwrightError } from '../kernel/index.ts';
import { openStore } from '../store/index.ts';

const usage = `Writes the demo plant's history to a new store.

  npm run demo-store -- [--seed K] [--days N] [--until ISO] --out FILE

  --seed K     whole number, 0 to 4294967295; the same seed, days and end give the same rows (1)
  --days N     days of history, 1 to 366 (90)
  --until ISO  end of the history with its offset, for example 2026-11-24T08:00:00Z (now)
  --out FILE   database to write; must not exist yet
  --help       this text
`;

/** A message for people about arguments that cannot be used. */
class UsageError extends Error {}

function readArguments(args: string[]) {
  const { values } = parse(args);
  if (values.help) return undefined;
  const out = values.out;
  if (!out) throw new UsageError('--out FILE is missing');
  if (existsSync(out)) throw new UsageError(`--out ${out} exists already`);
  const until = values.until === undefined ? systemClock.now() : parseInstant(values.until);
  if (Number.isNaN(until)) throw new UsageError(`--until ${values.until ?? ''} is no ISO 8601 instant with its offset`);
  return {
    out,
    until,
    seed: wholeNumber('seed', values.seed ?? '1', 0, 4_294_967_295),
    days: wholeNumber('days', values.days ?? '90', 1, 366),
  };
}

function parse(args: string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({ args, options: { seed: text, days: text, until: text, out: text, help: { type: 'boolean' } } });
  } catch (thrown) {
    throw new UsageError(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most)
    throw new UsageError(`--${name} ${text} is no whole number from ${String(least)} to ${String(most)}`);
  return value;
}

async function main(): Promise<number> {
  const wanted = readArguments(process.argv.slice(2));
  if (!wanted) {
    process.stdout.write(usage);
    return 0;
  }
  const { out, ...history } = wanted;
  const store = await openStore({ file: out });
  try {
    const { rows, from, until, openOrders, completedOrders, lateOrders } = await writeHistory(store, {
      ...history,
      onProgress: ({ doneDays, totalDays }) =>
        process.stderr.write(`\rday ${String(doneDays)} of ${String(totalDays)} `),
    });
    process.stderr.write('\n');
    const span = `${new Date(from).toISOString()} to ${new Date(until).toISOString()}`;
    const counts = Object.entries(rows).map(([kind, count]) => `  ${kind} ${String(count)}`);
    const orders = `  orders ${String(completedOrders)} completed, ${String(lateOrders)} of them late; ${String(openOrders)} open`;
    process.stdout.write([span, ...counts, orders, ''].join('\n'));
  } finally {
    await store.close();
  }
  process.stdout.write(`${out}: ${(statSync(out).size / 1e6).toFixed(1)} MB\n`);
  return 0;
}

try {
  process.exitCode = await main();
} catch (thrown) {
  if (thrown instanceof UsageError) process.stderr.write(`${thrown.message}\n\n${usage}`);
  else process.stderr.write(`${toMillwrightError(thrown).message}\n`);
  process.exitCode = thrown instanceof UsageError ? 2 : 1;
}
