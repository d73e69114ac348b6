import { spawnSync } from 'node:child_process';
import { debianPackages, missingPackages } from './debian.ts';

/** Installs the Debian packages that the tests use, naming them first. Needs root (or sudo). */
const missing = missingPackages();
process.stdout.write(`The tests use these Debian packages: ${debianPackages.join(', ')}\n`);
if (missing.length === 0) {
  process.stdout.write('All are installed.\n');
} else {
  const sudo = process.getuid?.() === 0 ? [] : ['sudo'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...missing]]) {
    const [command = '', ...rest] = [...sudo, 'apt-get', ...args];
    const { status } = spawnSync(command, rest, { stdio: 'inherit', env });
    if (status !== 0) process.exit(status ?? 1);
  }
}
