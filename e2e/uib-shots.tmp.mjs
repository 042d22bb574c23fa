import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import AxeBuilder from '@axe-core/playwright';
const scene = JSON.parse(readFileSync('/tmp/uib/scene.json', 'utf8'));
const inc = (t) => scene.incidents.find((i) => i[2].includes(t))[0];
const mine = scene.pages.find((p) => p.userId === scene.me);
const all = {
  now: ['/'],
  room: [`/incidents/${inc('Checkout')}/answer`],
  roombatch: [`/incidents/${inc('invoices')}`],
  page: [`/pages/${mine?.id}`],
  whynobody: [`/why?incident=${inc('Disk')}`],
  whyalert: [`/why?alert=${scene.alerts.find((a) => a[1].includes('Disk'))[0]}`],
  whybatch: [`/why?incident=${inc('invoices')}`],
  whyperson: [`/why?incident=${inc('Checkout')}&user=${scene.ids.diego}`],
  minute: [`/why?at=${encodeURIComponent(new Date(Date.parse(mine.at)).toISOString())}`],
  ledger: ['/ledger'],
  routing: ['/routing'],
  newroute: ['/routing/new'],
  inhibitions: ['/inhibitions'],
  monitors: ['/heartbeats'],
  channels: ['/channels'],
  slack: ['/channels/new-slack'],
  channel: [`/channels/${scene.ids.bad}`],
  fatigue: ['/fatigue'],
  drift: ['/as-code'],
  file: ['/as-code/file'],
  import: ['/as-code/import'],
  shadow: ['/as-code/shadow'],
  center: ['/settings/center'],
  oncall: ['/oncall'],
  routetrial: [
    '/routing',
    async (p) => {
      await p.getByRole('button', { name: 'Try it' }).click();
      await p.waitForTimeout(1500);
    },
  ],
  catchall: [
    '/routing',
    async (p) => {
      await p.locator('.rule-list a').last().click();
      await p.waitForTimeout(600);
    },
  ],
  attempt: [
    `/pages/${mine?.id}`,
    async (p) => {
      await p.locator('.attempt-name').first().click();
      await p.keyboard.press('j');
      await p.keyboard.press('j');
      await p.keyboard.press('Enter');
      await p.waitForTimeout(600);
    },
  ],
  other: [
    `/pages/${mine?.id}`,
    async (p) => {
      await p.getByRole('button', { name: /Another policy/ }).click();
      await p.getByRole('option').last().click();
      await p.locator('.why-replay').getByRole('button', { name: 'Replay' }).click();
      await p
        .getByRole('region', { name: 'Record' })
        .getByRole('button', { name: 'Replay' })
        .click()
        .catch(() => {});
      await p.waitForTimeout(1200);
    },
  ],
  test: [
    `/channels/${scene.ids.bad}`,
    async (p) => {
      await p.getByRole('button', { name: 'Send test' }).click();
      await p.waitForTimeout(1500);
    },
  ],
  key: [
    '/heartbeats',
    async (p) => {
      await p.getByRole('button', { name: /Make/ }).click();
      await p.waitForTimeout(800);
    },
  ],
  plan: [
    '/as-code/file',
    async (p) => {
      await p.locator('textarea').fill(process.env.YAML ?? '');
      await p.getByRole('button', { name: 'Plan', exact: true }).click();
      await p.waitForTimeout(1200);
    },
  ],
  mode: [
    '/as-code/shadow',
    async (p) => {
      await p.getByText('Paused', { exact: true }).click();
      await p.waitForTimeout(400);
    },
  ],
};
const only = process.argv[2] === 'all' ? null : process.argv[2].split(',');
const variants = (process.argv[3] ?? 'dark').split(',');
const browser = await chromium.launch({
  executablePath: process.env.TOCSIN_TEST_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
const auth = { authorization: `Bearer ${scene.token}`, 'content-type': 'application/json' };
for (const v of variants) {
  const { token } = await (
    await fetch(`${scene.url}/api/v1/users/${scene.me}/invite`, { method: 'POST', headers: auth, body: '{}' })
  ).json();
  const context = await browser.newContext({
    viewport: v === 'phone' ? { width: 390, height: 844 } : { width: 1280, height: 800 },
    colorScheme: v === 'light' ? 'light' : 'dark',
  });
  const page = await context.newPage();
  await page.addInitScript(
    `localStorage.setItem('tocsin.theme', '${v === 'light' ? 'light' : v === 'contrast' ? 'contrast' : 'dark'}')`,
  );
  await page.goto(`${scene.url}/auth/link?token=${token}`);
  await page.waitForSelector('main');
  const errors = [];
  page.on('pageerror', (e) => errors.push(String(e).slice(0, 300)));
  page.on('console', (m) => {
    if (m.type() === 'error' && !/favicon/.test(m.text())) errors.push(m.text().slice(0, 250));
  });
  for (const [name, [path, act]] of Object.entries(all)) {
    if (only && !only.includes(name)) continue;
    errors.length = 0;
    await page.goto(`${scene.url}/#${path}`);
    await page.waitForTimeout(1100);
    if (act) {
      try {
        await act(page);
      } catch (e) {
        errors.push('act: ' + String(e).slice(0, 200));
      }
    }
    await page.screenshot({ path: `/tmp/uib/${name}-${v}.png` });
    const wide = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
    console.log(
      name,
      v,
      wide > 0 ? `WIDE ${wide}` : '',
      errors.join(' | '),
      violations
        .map(
          (x) =>
            `\n   ${x.id}(${x.nodes.length}): ${x.nodes[0].html.slice(0, 160)} ${x.nodes[0].any?.[0]?.message?.slice(0, 160) ?? ''}`,
        )
        .join(''),
    );
    if (name === 'routetrial' || name === 'test') await page.goto('about:blank');
  }
  await context.close();
}
await browser.close();
