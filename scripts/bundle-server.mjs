// Bundles the server with everything it imports, so that the packed desktop app can run it: out/center has the places of
// the sources that it looks for at run time (migrations, resources, programs of its threads), and no node_modules.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Stands in the modules for the folder of the bundle, until each chunk knows how far it is. */
const program = '__TOCSIN_PROGRAM__';
const programs = ['server/main', 'server/auditor', 'server/modules/oncall/ical-worker'];

export async function bundleServer(to = join(root, 'out', 'center')) {
  rmSync(to, { recursive: true, force: true });
  const bundle = await rolldown({
    cwd: root,
    input: Object.fromEntries(programs.map((name) => [name, join(root, `${name}.ts`)])),
    platform: 'node',
    plugins: [ownPlaces()],
  });
  await bundle.write({
    dir: to,
    format: 'esm',
    entryFileNames: '[name].mjs',
    chunkFileNames: 'server/chunk-[hash].mjs',
    // Packages that are CommonJS ask for Node's own modules this way.
    banner:
      "import { createRequire as tocsinRequire } from 'node:module'; const require = tocsinRequire(import.meta.url);",
  });
  await bundle.close();
  cpSync(join(root, 'server/migrations'), join(to, 'server/migrations'), { recursive: true });
  mkdirSync(join(to, 'resources'), { recursive: true });
  cpSync(join(root, 'resources/common-passwords.txt'), join(to, 'resources/common-passwords.txt'));
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  writeFileSync(join(to, 'package.json'), JSON.stringify({ name, version, type: 'module' }));
  return to;
}

/** In one file every module would stand at the same place: each says the one that its source has. */
function ownPlaces() {
  const server = join(root, 'server') + sep;
  return {
    name: 'tocsin-own-places',
    transform(code, id) {
      if (!id.startsWith(server) || !code.includes('import.meta.url')) return null;
      const place = relative(root, id).split(sep).join('/');
      return code
        .replaceAll(/new URL\('([\w/-]+)\.ts', import\.meta\.url\)/g, "new URL('$1.mjs', import.meta.url)")
        .replaceAll('import.meta.url', `new URL(${JSON.stringify(place)}, ${program}).href`);
    },
    renderChunk(code, chunk) {
      const up = '../'.repeat(chunk.fileName.split('/').length - 1);
      return code.replaceAll(program, `new URL('${up === '' ? './' : up}', import.meta.url)`);
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const to = await bundleServer();
  console.log(`The server is bundled in ${to}: ${readdirSync(join(to, 'server')).join(', ')}`);
}
