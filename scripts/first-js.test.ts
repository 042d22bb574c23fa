import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
// @ts-expect-error a plain script
import { firstScripts, gzipBytes } from './first-js.mjs';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-first-js-'));
mkdirSync(join(folder, 'assets'));
const put = (name: string, text: string) => writeFileSync(join(folder, name), text);
put('index.html', '<script type="module" src="./assets/index-1.js"></script><link href="./assets/base-1.js">');
put('assets/index-1.js', 'import{a}from"./base-1.js";import("./engine-1.js")');
put('assets/base-1.js', 'import "./deep-1.js"');
put('assets/deep-1.js', 'export{}');
put('assets/now-screen-1.js', "export{x}from'./spark-1.js'");
put('assets/spark-1.js', 'export{}');
put('assets/engine-1.js', 'x'.repeat(10_000));
afterAll(() => rmSync(folder, { recursive: true }));

it('counts what the first screen needs at once, not what is loaded when it is opened', async () => {
  const names = await firstScripts(folder, 'now-screen');
  expect(names).toEqual(['base', 'deep', 'index', 'now-screen', 'spark'].map((name) => `assets/${name}-1.js`));
  expect(await gzipBytes(folder, names)).toBeGreaterThan(50);
});

it('says when there is nothing to count', async () => {
  await expect(firstScripts(folder, 'other-screen')).rejects.toThrow(/was it built/);
});
