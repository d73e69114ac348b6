import { build as bundle } from 'esbuild';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './project.ts';

/** Bundles the planning board's page into a folder: index.html, board.js, board.css. */
export async function buildBoard(target = join(root, 'dist/board')): Promise<void> {
  const source = join(root, 'src/board/ui');
  await mkdir(target, { recursive: true });
  await copyFile(join(source, 'index.html'), join(target, 'index.html'));
  await bundle({
    entryPoints: { board: join(source, 'main.ts') },
    outdir: target,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'warning',
  });
  await bundle({
    entryPoints: { board: join(source, 'styles/board.css') },
    outdir: target,
    bundle: true,
    minify: true,
    target: 'es2022',
    logLevel: 'warning',
  });
}

if (process.argv[1]?.endsWith('build-board.ts')) await buildBoard();
