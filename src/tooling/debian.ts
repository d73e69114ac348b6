import { spawnSync } from 'node:child_process';

/** Debian packages that the tests need. */
export const debianPackages = ['chromium', 'mariadb-server', 'mosquitto', 'openssl', 'postgresql'];

/** Those of them that are not installed. */
export function missingPackages(): string[] {
  return debianPackages.filter((name) => {
    const { stdout } = spawnSync('dpkg-query', ['-W', '-f=${Status}', name], { encoding: 'utf8' });
    return !stdout.includes('install ok installed');
  });
}
