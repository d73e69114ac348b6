import { existsSync } from 'node:fs';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { root } from '../project.ts';

/** Type-aware lint over all sources and tests; a floating promise would end Node-RED, so none is let through. */
export default defineConfig(
  { ignores: ['dist/**', 'coverage/**', 'node_modules/**', '**/*.json', '**/*.html', '**/*.cjs'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        tsconfigRootDir: root,
        project: ['tsconfig.json', 'src/tooling/tsconfig.editor.json', 'src/board/ui/tsconfig.json'].filter((file) =>
          existsSync(`${root}/${file}`),
        ),
      },
    },
    rules: {
      // Indexed access is checked by the compiler; `!` says that a bound was proven beside it.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-invalid-void-type': ['error', { allowAsThisParameter: true }],
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
    },
  },
);
