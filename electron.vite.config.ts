import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';

/** What main.tsx loads once the language is known. */
const pageModule = /src-renderer[\\/]page\.tsx$/;

/** `--mode smoke` builds the same sources for the old Electron that the shell smoke test can run. */
export default defineConfig(({ mode }) => {
  const old = mode === 'smoke';
  const outDir = old ? '.cache/smoke/out' : 'out';
  const node = (name: string) => ({
    build: {
      outDir: `${outDir}/${name}`,
      target: old ? 'node12' : 'node24',
      minify: false,
      // The packaged app carries no node_modules: what the main process needs is inside its one file.
      externalizeDeps: false,
      rollupOptions: {
        input: { [name]: resolve(`src-main/${name}.ts`) },
        external: ['electron'],
        // Chunks as well: package.json says that .js files are modules.
        output: { format: 'cjs' as const, entryFileNames: '[name].cjs', chunkFileNames: '[name]-[hash].cjs' },
      },
    },
  });
  return {
    main: node('main'),
    preload: node('preload'),
    renderer: {
      root: 'src-renderer',
      base: './',
      plugins: [react(), preloadPage(), ...(old ? [olderRuntime()] : [assetList()])],
      build: {
        outDir: resolve(`${outDir}/renderer`),
        emptyOutDir: true,
        target: old ? 'chrome83' : 'es2022',
        ...(old ? { cssTarget: 'chrome83' } : {}),
        minify: true,
        // Data URLs of scripts would break script-src 'self'.
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        chunkSizeWarningLimit: 900,
        rollupOptions: {
          // The service worker is for browsers only, and stands where its address gives it the whole site.
          input: {
            index: resolve('src-renderer/index.html'),
            ...(old ? {} : { sw: resolve('src-renderer/service-worker/main.ts') }),
          },
          output: {
            entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
            // Each with all that it imports: two files instead of the sixty that were always asked for together.
            codeSplitting: {
              groups: [
                { name: 'index', test: /src-renderer[\\/]main\.tsx$/, priority: 2 },
                { name: 'page', test: pageModule, priority: 1 },
              ],
            },
          },
        },
      },
    },
  };
});

/** Names every file that a page of this build may load, for the service worker to keep. */
function assetList(): Plugin {
  return {
    name: 'tocsin-asset-list',
    // After vite has dropped the chunks that held nothing but styles: a name that is no file is asked for for ever.
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const names = Object.keys(bundle).filter((name) => name.startsWith('assets/'));
        this.emitFile({ type: 'asset', fileName: 'assets.json', source: JSON.stringify(names.toSorted()) });
      },
    },
  };
}

/** The page comes once the language is known; without this its scripts would not be asked for before. */
function preloadPage(): Plugin {
  return {
    name: 'tocsin-preload-page',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle }) {
        const page = Object.values(bundle ?? {}).find(
          (file) => file.type === 'chunk' && file.moduleIds.some((id) => pageModule.test(id)),
        );
        if (page?.type !== 'chunk') return [];
        const link = (attrs: { rel: string; as?: string }, file: string) => ({
          tag: 'link',
          attrs: { ...attrs, crossorigin: true, href: `./${file}` },
          injectTo: 'head' as const,
        });
        return [
          // As a script, not a modulepreload: those Chromium compiles as they arrive, even what it keeps compiled.
          ...[page.fileName, ...page.imports].map((file) => link({ rel: 'preload', as: 'script' }, file)),
          ...[...(page.viteMetadata?.importedCss ?? [])].map((file) => link({ rel: 'stylesheet' }, file)),
        ].filter(({ attrs }) => !html.includes(attrs.href));
      },
    },
  };
}

/** A plain script before the modules, so that their first line finds what an old Chromium lacks. */
function olderRuntime(): Plugin {
  return {
    name: 'tocsin-older-runtime',
    generateBundle() {
      const source = readFileSync('e2e/shell/older-runtime.cjs', 'utf8');
      this.emitFile({ type: 'asset', fileName: 'older-runtime.js', source });
    },
    transformIndexHtml: () => [{ tag: 'script', attrs: { src: './older-runtime.js' }, injectTo: 'head-prepend' }],
  };
}
