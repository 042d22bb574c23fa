import { defineConfig } from '@playwright/test';
import { chromiumFlags } from './e2e/harness/browser.ts';

/** Begun first, or one of them would still run when all the others are done. */
const longest = ['screens', 'paging', 'offline', 'shell', 'states'].map((name) => `**/${name}.spec.ts`);

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  timeout: 120_000,
  expect: { timeout: 15_000 },
  // Files beside each other, the tests of one in their order. Each file has centers, ports and folders of its own. One more
  // than there are cores, for much of the time one of them waits for something that takes its time.
  workers: 3,
  projects: [
    { name: 'long', testMatch: longest },
    { name: 'short', testMatch: '**/*.spec.ts', testIgnore: longest },
  ],
  retries: 0,
  forbidOnly: true,
  reporter: [['list']],
  use: {
    launchOptions: {
      executablePath:
        process.env['TOCSIN_TEST_HEADLESS_SHELL'] ?? process.env['TOCSIN_TEST_CHROMIUM'] ?? '/usr/bin/chromium',
      args: chromiumFlags,
    },
    // Every new context would fetch the whole page once more.
    serviceWorkers: 'block',
    screenshot: 'only-on-failure',
    actionTimeout: 20_000,
    navigationTimeout: 30_000,
  },
});
