// A boundary that never fires is no boundary: each rule is shown a file that breaks it and one that does not.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
let house = '';

interface Diagnostic {
  code: string;
  filename: string;
}

const cases: { name: string; file: string; code: string; breaks: string; keeps: string }[] = [
  {
    name: 'no bare new Date()',
    file: 'server/modules/alerts/probe.ts',
    code: 'tocsin(no-bare-date)',
    breaks: 'export const a = new Date();',
    keeps: 'export const a = new Date(0);',
  },
  {
    name: 'modules meet in app.ts',
    file: 'server/modules/alerts/probe.ts',
    code: 'tocsin(modules-meet-in-app)',
    breaks: "import { a } from '#server/modules/incidents/rules.ts'; export const b = a;",
    keeps: "import type { A } from '#server/modules/incidents/rules.ts'; export type B = A;",
  },
  ...['Date.now()', 'performance.now()', 'Math.random()', 'crypto.randomUUID()'].map((call) => ({
    name: `no ${call}`,
    file: 'server/modules/alerts/probe.ts',
    code: 'eslint(no-restricted-properties)',
    breaks: `export const a = ${call};`,
    keeps: 'export const a = Math.max(1, 2);',
  })),
  ...['setTimeout', 'setInterval', 'setImmediate'].map((name) => ({
    name: `no ${name} in the server`,
    file: 'server/modules/alerts/probe.ts',
    code: 'eslint(no-restricted-globals)',
    breaks: `export const a = ${name}(() => undefined);`,
    keeps: 'export const a = queueMicrotask;',
  })),
  {
    name: 'curly quotes',
    file: 'server/modules/alerts/probe.ts',
    code: 'tocsin(curly-quotes)',
    breaks: 'export const a = (name: string) => `The rule "${name}" decided.`;',
    keeps:
      'export const a = (name: string) => [`The rule “${name}” decided.`, `<a href="${name}">`, `SELECT x AS "${name}"`];',
  },
  {
    name: 'words are translated',
    file: 'src-renderer/features/alerts/probe.tsx',
    code: 'tocsin(words-are-translated)',
    breaks: 'export const a = <p title={`by ${1}`}>UTC</p>; export const b = <b>Acknowledge</b>;',
    keeps:
      'import { t } from \'../../language/words.ts\'; export const a = <p className="a b" title={t`Words`}>UTC</p>;',
  },
  {
    name: 'a sentence is whole',
    file: 'src-renderer/features/alerts/probe.ts',
    code: 'tocsin(words-are-translated)',
    breaks: "import { t } from '../../language/words.ts'; export const a = (n: number) => t`, ${n} more`;",
    keeps: "import { t } from '../../language/words.ts'; export const a = (n: string) => t`${n}, late`;",
  },
  {
    name: 'words beside words are translated',
    file: 'src-renderer/features/alerts/probe.ts',
    code: 'tocsin(words-are-translated)',
    breaks: "import { t } from '../../language/words.ts'; export const a = (b: boolean) => (b ? t`you` : 'nobody');",
    keeps: "import { t } from '../../language/words.ts'; export const a = (b: boolean) => (b ? t`you` : '');",
  },
  {
    name: 'no logic by words',
    file: 'src-renderer/features/alerts/probe.ts',
    code: 'tocsin(no-logic-by-words)',
    breaks: "import { t } from '../../language/words.ts'; export const a = (b: string) => b === t`Ended`;",
    keeps:
      "import { t } from '../../language/words.ts'; export const a = (b: string) => (b === 'ended' ? t`Ended` : '');",
  },
  {
    name: 'charts by one engine',
    file: 'src-renderer/features/alerts/probe.ts',
    code: 'eslint(no-restricted-imports)',
    breaks: "import { init } from 'echarts/core'; export const a = init;",
    keeps: "import type { EChartsType } from 'echarts/core'; export type A = EChartsType;",
  },
  {
    name: 'no climbing out of a module',
    file: 'server/modules/alerts/probe.ts',
    code: 'eslint(no-restricted-imports)',
    breaks: "import type { A } from '../incidents/state.ts'; export type B = A;",
    keeps: "import type { A } from './state.ts'; export type B = A;",
  },
  {
    name: 'no driver in a module',
    file: 'server/modules/alerts/probe.ts',
    code: 'eslint(no-restricted-imports)',
    breaks: "import pg from 'pg'; export const a = pg;",
    keeps: "import type { Tx } from '#server/database/transaction.ts'; export type A = Tx;",
  },
  {
    name: 'no adapter in a module',
    file: 'server/modules/alerts/probe.ts',
    code: 'eslint(no-restricted-imports)',
    breaks: "import { a } from '#server/adapters/system/clock.ts'; export const b = a;",
    keeps: "import type { Clock } from '#server/ports/clock.ts'; export type A = Clock;",
  },
  {
    name: 'a port knows no adapter',
    file: 'server/ports/probe.ts',
    code: 'eslint(no-restricted-imports)',
    breaks: "import { a } from '#server/adapters/postgres/event-log.ts'; export const b = a;",
    keeps: "import type { Tx } from '#server/database/transaction.ts'; export type A = Tx;",
  },
  {
    name: 'the contract imports zod and itself only',
    file: 'server/contract/probe.ts',
    code: 'eslint(no-restricted-imports)',
    breaks: "import { AppError } from '#server/api/app-error.ts'; export const a = AppError;",
    keeps:
      "import { z } from 'zod'; import { Id } from '#server/contract/primitives.ts'; export const a = z.object({ Id });",
  },
  {
    name: 'the testkit is for tests',
    file: 'server/api/probe.ts',
    code: 'eslint(no-restricted-imports)',
    breaks: "import { a } from '#server/testkit/clock.ts'; export const b = a;",
    keeps: "import { z } from 'zod'; export const b = z;",
  },
  {
    name: 'the server knows no client',
    file: 'server/api/probe.ts',
    code: 'eslint(no-restricted-imports)',
    breaks: "import { a } from '#root/src-renderer/main.tsx'; export const b = a;",
    keeps: "import { z } from 'zod'; export const b = z;",
  },
  {
    name: 'the renderer loads only the contract of the server',
    file: 'src-renderer/features/probe.ts',
    code: 'eslint(no-restricted-imports)',
    breaks: "import { a } from '#server/api/router.ts'; export const b = a;",
    keeps:
      "import type { AppRouter } from '#server/api/router.ts'; import { Alert } from '#server/contract/alert.ts'; export const b = Alert; export type C = AppRouter;",
  },
  {
    name: 'the renderer loads no Node module',
    file: 'src-renderer/features/probe.ts',
    code: 'eslint(no-restricted-imports)',
    breaks: "import { readFileSync } from 'node:fs'; export const b = readFileSync;",
    keeps: "import { z } from 'zod'; export const b = z;",
  },
  {
    name: 'the main process does not load the server',
    file: 'src-main/probe.ts',
    code: 'eslint(no-restricted-imports)',
    breaks: "import { createApp } from '#server/app.ts'; export const b = createApp;",
    keeps: "import { app } from 'electron'; export const b = app;",
  },
  {
    name: 'no import cycle',
    file: 'server/modules/alerts/probe.ts',
    code: 'import(no-cycle)',
    breaks: "import { other } from './probe-other.ts'; export const probe = () => other;",
    keeps: 'export const probe = 1;',
  },
  {
    name: 'no any',
    file: 'server/modules/alerts/probe.ts',
    code: 'typescript(no-explicit-any)',
    breaks: 'export const a = (x: any) => x;',
    keeps: 'export const a = (x: unknown) => x;',
  },
  {
    name: 'no floating promise',
    file: 'server/modules/alerts/probe.ts',
    code: 'typescript(no-floating-promises)',
    breaks: 'export function a() { Promise.resolve(1); }',
    keeps: 'export async function a() { await Promise.resolve(1); }',
  },
  {
    name: 'named exports only',
    file: 'server/modules/alerts/probe.ts',
    code: 'import(no-default-export)',
    breaks: 'export default 1;',
    keeps: 'export const a = 1;',
  },
];

/** Lints one file a case, all in one run; answers the codes reported for each. */
function lintAll(sources: string[]): string[][] {
  const files = sources.map((source, i) => {
    const file = cases[i]!.file.replace('probe', `probe-${i}`);
    mkdirSync(dirname(join(house, file)), { recursive: true });
    writeFileSync(join(house, file), `${source}\n`);
    return file;
  });
  const other = join(house, 'server/modules/alerts/probe-other.ts');
  const cycle = cases.findIndex((c) => c.name === 'no import cycle');
  writeFileSync(other, `import { probe } from './probe-${cycle}.ts';\nexport const other = () => probe;\n`);
  let output: string;
  try {
    const oxlint = join(root, 'node_modules/oxlint/bin/oxlint');
    output = execFileSync(process.execPath, [oxlint, '--type-aware', '-f', 'json', ...files], {
      cwd: house,
      encoding: 'utf8',
    });
  } catch (error) {
    output = (error as { stdout: string }).stdout;
  }
  const { diagnostics } = JSON.parse(output) as { diagnostics: Diagnostic[] };
  return files.map((file) => diagnostics.filter((d) => d.filename.endsWith(file)).map((d) => d.code));
}

beforeAll(() => {
  house = mkdtempSync(join(tmpdir(), 'tocsin-lint-'));
  for (const name of ['.oxlintrc.json', 'lint', 'tsconfig.json', 'package.json']) {
    cpSync(join(root, name), join(house, name), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(house, 'node_modules'));
});

afterAll(() => rmSync(house, { recursive: true, force: true }));

describe('every boundary fires', () => {
  let broken: string[][] = [];
  let kept: string[][] = [];
  beforeAll(() => {
    broken = lintAll(cases.map((c) => c.breaks));
    kept = lintAll(cases.map((c) => c.keeps));
  }, 180_000);

  it.each(cases.map((c, i) => ({ ...c, i })))('$name', ({ i, code }) => {
    expect(broken[i]).toContain(code);
    expect(kept[i]).not.toContain(code);
  });
});
