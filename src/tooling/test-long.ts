import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import { root, run } from './project.ts';

/**
 * `npm run test:long [-- mocha options]`: the tests that take minutes (`test/long/`), without those of `npm test`.
 * Says first when and on what it runs, so that its output is a record.
 */
const hourMs = 3_600_000;
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
const cpu = `${cpus()[0]?.model ?? 'unknown'} × ${availableParallelism()}`;
process.stdout.write(
  `Long tests on ${new Date().toISOString()}: commit ${commit}, Node.js ${process.version}, ${cpu}\n`,
);
const reporter = './src/tooling/checks/reporter.cjs';
const options = ['--no-config', '--exit', '--forbid-only', '--timeout', String(2 * hourMs), '--reporter', reporter];
await run('mocha', [...options, 'test/long/**/*.long.ts', ...process.argv.slice(2)]);
