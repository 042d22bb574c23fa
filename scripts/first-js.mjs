// Which scripts of a built page are fetched before its first screen shows, and how heavy they are.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Those that the page names, those of its first screen's chunk, and whatever they import at once; sorted. */
export async function firstScripts(folder, screen) {
  const html = await readFile(join(folder, 'index.html'), 'utf8');
  const named = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map((match) => match[1]);
  const own = (await readdir(join(folder, 'assets'))).find(
    (name) => name.startsWith(`${screen}-`) && name.endsWith('.js'),
  );
  if (named.length === 0 || own === undefined)
    throw new Error(`The built page in ${folder} has no script or no chunk ${screen}; was it built?`);
  const found = new Set();
  const left = [...named, `assets/${own}`];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    const code = await readFile(join(folder, next), 'utf8');
    // `import{a}from"./b.js"` and `import"./b.js"`; import("./b.js") comes later.
    for (const match of code.matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g)) left.push(`assets/${match[1]}`);
  }
  return [...found].toSorted();
}

export async function gzipBytes(folder, names) {
  let bytes = 0;
  for (const name of names) bytes += gzipSync(await readFile(join(folder, name)), { level: 9 }).length;
  return bytes;
}
