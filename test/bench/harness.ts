import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../../src/tooling/project.ts';

/** One benchmark: what it prints and how it is run. */
export interface Bench {
  /** One line on what is measured. */
  about: string;
  /** Options beside `--json`, `--seed` and `--help`, each with its default and meaning. */
  options: Record<string, { default: string; about: string }>;
  /** Keys of the results with their meaning. */
  keys: Record<string, string>;
  /** Writes lines of its own to the `--json` file; the run is then told in `<file>.run.json`. */
  jsonLines?: true;
  /** Gets its own options and `json`. */
  run(options: Record<string, string>, seed: number): Promise<Record<string, unknown>>;
}

/** Milliseconds that a fixed piece of arithmetic takes on this machine now: figures of two runs compare by it. */
export function calibrationMs(): number {
  const start = performance.now();
  let x = 1;
  for (let i = 0; i < 5e7; i++) x = (Math.imul(x, 1664525) + 1013904223) | 0;
  return x === 0 ? NaN : performance.now() - start;
}

/** Runs a benchmark, prints its results and writes them to a file where `--json` names one. */
export async function runBench(name: string, args: string[]): Promise<void> {
  const { bench } = (await import(`./${name}.bench.ts`)) as { bench: Bench };
  const own = Object.fromEntries(
    Object.entries(bench.options).map(([key, option]) => [key, { type: 'string' as const, default: option.default }]),
  );
  const { values } = parseArgs({
    args,
    options: { ...own, json: { type: 'string' }, seed: { type: 'string', default: '1' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    process.stdout.write(`${help(name, bench)}\n`);
    return;
  }
  const seed = Number(values.seed);
  const load = loadavg()[0] ?? 0;
  const calibration = calibrationMs();
  const results = await bench.run(values as unknown as Record<string, string>, seed);
  for (const [key, value] of Object.entries(results))
    process.stdout.write(`${key.padEnd(28)} ${typeof value === 'string' ? value : JSON.stringify(value)}\n`);
  if (!values.json) return;
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const record = {
    bench: name,
    version,
    commit: execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim(),
    node: process.version,
    cpu: `${cpus()[0]?.model ?? 'unknown'} × ${String(availableParallelism())}`,
    date: new Date().toISOString(),
    load,
    seed,
    calibrationMs: calibration,
    results,
  };
  writeFileSync(bench.jsonLines ? `${values.json}.run.json` : values.json, `${JSON.stringify(record, null, 2)}\n`);
}

function help(name: string, bench: Bench): string {
  const rows = (list: [string, string][]) => list.map(([key, about]) => `  ${key.padEnd(26)} ${about}`).join('\n');
  const options = Object.entries(bench.options).map(
    ([key, { about, default: value }]) => [`--${key}`, `${about} (${value})`] as [string, string],
  );
  options.push(['--seed', 'seed of everything random (1)'], ['--json', 'file for the results']);
  return `${name}: ${bench.about}\n\nOptions\n${rows(options)}\n\nResults\n${rows(Object.entries(bench.keys))}`;
}
