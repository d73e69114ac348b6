import { missingPackages } from './debian.ts';
import { build } from './build.ts';
import { run } from './project.ts';

/** `npm test`: types, format, lint, import rules, unused code, build, then all tests. */
const missing = missingPackages();
if (missing.length > 0) {
  process.stderr.write(`Missing Debian packages: ${missing.join(', ')}. Run: npm run setup:debian\n`);
  process.exit(1);
}
const checks = 'src/tooling/checks';
const steps: [string, string[]][] = [
  ['tsc', ['-p', '.']],
  ['tsc', ['-p', 'src/tooling/tsconfig.editor.json']],
  ['tsc', ['-p', 'src/board/ui']],
  ['prettier', ['--check', '--log-level', 'warn', '.']],
  ['eslint', ['--config', `${checks}/eslint.config.ts`, '--flag', 'unstable_native_nodejs_ts_config', '.']],
  ['depcruise', ['--config', `${checks}/dependency-cruiser.cjs`, '--output-type', 'err', 'src', 'nodes']],
  ['knip', ['--config', `${checks}/knip.json`]],
];
for (const [command, args] of steps) {
  process.stdout.write(`\n> ${command} ${args.join(' ')}\n`);
  await run(command, args);
}
await build();
await run('mocha', ['--reporter', `./${checks}/reporter.cjs`, ...process.argv.slice(2)]);
