// Debian's Prometheus and Alertmanager against a target that goes down and comes back, watched in a real browser. Their
// configuration is what the center shows for copying.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { openSignedIn, whyNoBrowser } from './harness/browser.ts';
import {
  createTarget,
  startAlertmanager,
  startPrometheus,
  type Tool,
  toolPath,
  whyNoPrometheus,
} from './harness/prometheus.ts';
import { incidentsOf } from './harness/rest.ts';
import { type RunningServer, startServer } from './harness/server.ts';

const noBrowser = whyNoBrowser();
const noPrometheus = whyNoPrometheus();

test.describe('a real Prometheus', () => {
  test.skip(noBrowser !== null, `no browser: ${noBrowser}`);
  test.skip(noPrometheus !== null, `no Prometheus: ${noPrometheus}`);

  let server: RunningServer;
  let context: BrowserContext;
  let page: Page;

  test.beforeAll(async ({ browser }) => {
    server = await startServer();
    ({ page, context } = await openSignedIn(browser, server, { path: '/integrations' }));
  });

  test.afterAll(async () => {
    await context?.close();
    await server?.stop();
    await server?.remove();
  });

  test('through Alertmanager, with the YAML that the center shows: the incident opens and closes', async () => {
    const shown = await shownYaml(page, 'Through Alertmanager', 'From Alertmanager');
    await amtoolAccepts(shown);
    // The shown text stays as it is; only Alertmanager's waiting is cut short for the test, under its last key.
    const config = `${shown}\n  group_wait: 0s\n  group_interval: 1s\n  repeat_interval: 1m\n`;
    const alertmanager = await startAlertmanager(config);
    const { host } = new URL(alertmanager.url);
    const alerting = `alerting:\n  alertmanagers:\n  - static_configs:\n    - targets: ['${host}']`;
    try {
      await outage(page, server, alerting, 'shop');
    } finally {
      await alertmanager.stop();
    }
  });

  test('from Prometheus directly, with the YAML that the center shows: the incident opens and closes', async () => {
    const alerting = await shownYaml(page, 'Straight from Prometheus', 'From Prometheus, with no Alertmanager');
    await outage(page, server, alerting, 'warehouse');
  });
});

/** Makes an integration in the UI and answers what it shows for copying, its key in it. */
async function shownYaml(page: Page, name: string, way: string): Promise<string> {
  await page.goto(`${new URL(page.url()).origin}/#/integrations`);
  await page.getByRole('button', { name: 'Add integration' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: /^Prometheus and Alertmanager/ }).click();
  await dialog.getByLabel(/^Name/).fill(name);
  await dialog.getByRole('button', { name: 'Make its key' }).click();
  await dialog.getByText('It is shown this once').waitFor();
  await dialog.getByRole('radio', { name: way, exact: true }).click();
  const text = await dialog.locator('pre').textContent();
  await page.getByRole('button', { name: 'I have copied the key' }).click();
  await expect(dialog).toBeHidden();
  return text ?? '';
}

async function amtoolAccepts(config: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-amtool-'));
  const file = join(folder, 'alertmanager.yml');
  await writeFile(file, config);
  const { stdout } = await promisify(execFile)(toolPath('amtool'), ['check-config', file]);
  expect(stdout).toContain('SUCCESS');
  await rm(folder, { recursive: true, force: true });
}

/** A target goes down and comes back; its incident opens and closes on the screen. */
async function outage(page: Page, server: RunningServer, alerting: string, service: string): Promise<void> {
  const target = await createTarget();
  let prometheus: Tool | null = null;
  try {
    prometheus = await startPrometheus([target.address], alerting, service);
    await page.goto(`${server.url}/#/`);
    await expect(page.getByRole('main')).toBeVisible();
    await target.down();
    const link = page
      .getByRole('main')
      .getByRole('link', { name: new RegExp(`^${service}: `) })
      .first();
    await expect(link).toBeVisible({ timeout: 30_000 });
    const [open] = (await incidentsOf(server)).filter(({ status }) => status !== 'resolved');
    expect(open?.services).toEqual([service]);
    expect(open?.severity).toBe('sev1');
    await link.click();
    await expect(page.getByText('1 firing of 1')).toBeVisible();
    await target.up();
    await expect(page.locator('.facts').getByRole('button', { name: /^Resolved/ })).toBeVisible({ timeout: 45_000 });
    expect((await incidentsOf(server)).every(({ status }) => status === 'resolved')).toBe(true);
  } finally {
    await prometheus?.stop();
    await target.down();
  }
}
