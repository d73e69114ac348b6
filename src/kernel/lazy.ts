import { MillwrightError } from './errors.ts';

/**
 * Imports an optional library on first use. Absent or broken, it disables one capability with
 * `MW_PACKAGE_MISSING`, which names the command that installs it; Node-RED itself goes on.
 * @param name the package, as in package.json
 * @param load must contain the literal `import()`, so that types and dependency tools see it
 */
export async function lazyImport<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new MillwrightError('MW_PACKAGE_MISSING', { package: name, command: `npm install ${name}` }, cause);
  }
}
