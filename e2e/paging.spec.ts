// Pages from a real Alertmanager to a real SMTP server, to what is shaped like Slack and Twilio, and to a desktop; and an
// acknowledgement from each. Every alert fires at once, and nobody answering is told to Backup two minutes later: so what
// must not come after an answer is seen beside what does come where there was none.
import { readFile, writeFile } from 'node:fs/promises';
import { type Browser, expect, type Page as BrowserPage, test } from '@playwright/test';
import { busyness } from '#server/testkit/busy.ts';
import { whyNoDovecot } from '#server/testkit/dovecot.ts';
import { whyNoBrowser } from './harness/browser.ts';
import { fromTwilio, pressInSlack } from './harness/callbacks.ts';
import { answerMail } from './harness/mail.ts';
import { savePolicy, step } from './harness/paging.ts';
import {
  alertmanagerYaml,
  backupsAbout,
  expectAnswered,
  fire,
  heartbeatAddress,
  incidentOf,
  ledgerOf,
  mailsAbout,
  openDesktop,
  pagesOf,
  patience,
  postsTo,
  tellings,
  textsAbout,
  titleOf,
  toldOf,
  wayOf,
} from './harness/paging-checks.ts';
import {
  awayMs,
  hookError,
  mailboxUser,
  mailOf,
  memberOf,
  numberOf,
  pagerDutyExport,
  people,
  type Service,
  services,
  slackChannel,
  slackNonsense,
  slackSecret,
  twilioToken,
} from './harness/paging-file.ts';
import { type PagingScene, proveAddresses, replicaOf, startPagingScene } from './harness/paging-scene.ts';
import { startAlertmanager, type Tool, whyNoPrometheus } from './harness/prometheus.ts';
import { incidentsOf, mutate, timelineOf } from './harness/rest.ts';

const noBrowser = whyNoBrowser();
const noAlertmanager = whyNoPrometheus();
const noMailbox = whyNoDovecot();
const all = Object.keys(services) as Service[];

test.describe.configure({ mode: 'serial' });

test.describe('a page travels, and its acknowledgement comes back', () => {
  test.skip(noBrowser !== null, `no browser: ${noBrowser}`);
  test.skip(noAlertmanager !== null, `no Alertmanager: ${noAlertmanager}`);

  let scene: PagingScene;
  let alertmanager: Tool;
  let desktop: { page: BrowserPage; browser: Browser };
  const ids = {} as Record<Service, string>;
  let firedAt = 0;
  let beatUrl = '';
  let beatAt = 0;
  /** performance.now() when an answer was known to be in. */
  const answeredAt = new Map<Service, number>();

  test.beforeAll(async () => {
    scene = await startPagingScene();
    const { server } = scene;
    const key = await server.integration('alertmanager');
    [alertmanager, desktop, beatUrl] = await Promise.all([
      startAlertmanager(alertmanagerYaml(server.url, key)),
      openDesktop(scene),
      heartbeatAddress(scene),
    ]);
    // Not beside the start of a browser: the receivers are in this process, and each code has ten seconds.
    await proveAddresses(scene);
  });

  test.afterAll(async () => {
    await desktop?.browser.close();
    await alertmanager?.stop();
    await scene?.stop();
  });

  test('alerts from a real Alertmanager page each its person, once, in the way that person chose', async () => {
    beatAt = performance.now();
    expect((await fetch(beatUrl)).status).toBe(200);
    scene.breakDown();
    firedAt = performance.now();
    for (const service of all) await fire(alertmanager, service);
    await expect.poll(async () => (await incidentsOf(scene.server)).length, patience).toBe(all.length);
    for (const { id, services: of } of await incidentsOf(scene.server)) ids[of[0] as Service] = id;
    for (const service of ['link', 'reply', 'unanswered'] as const) {
      await expect.poll(() => mailsAbout(scene, service).map(({ to }) => to)).toEqual([[mailOf(services[service])]]);
    }
    await expect.poll(() => postsTo(scene, memberOf('cleo'), 'slack')).toHaveLength(1);
    await expect.poll(() => textsAbout(scene, 'dan', 'text')).toHaveLength(1);
    for (const service of all) await expect.poll(() => postsTo(scene, slackChannel, service), patience).toHaveLength(1);
  });

  test('e-mail: the link in the mail opens a page on a phone, whose button acknowledges', async ({ browser }) => {
    const [mail] = mailsAbout(scene, 'link');
    const url = /https?:\/\/\S+\/p\/\S+/.exec(mail?.mail.text ?? '')?.[0] ?? '';
    const phone = await browser.newContext({ viewport: { width: 390, height: 844 }, javaScriptEnabled: false });
    const page = await phone.newPage();
    await page.goto(url);
    await expect(page.getByRole('heading', { name: titleOf('link') })).toBeVisible();
    await page.getByRole('button', { name: 'Acknowledge', exact: true }).click();
    await expect(page.getByRole('status')).toContainText('acknowledged. Paging stops.');
    await phone.close();
    await answered('link', 'phone page');
  });

  test('e-mail: an answer in a real IMAP mailbox acknowledges', async () => {
    test.skip(noMailbox !== null, `no IMAP server: ${noMailbox}`);
    const [mail] = mailsAbout(scene, 'reply');
    await answerMail(scene.dovecot!, mailboxUser, mail!, { from: `Ben Okri <${mailOf('ben')}>`, text: 'ack' });
    await answered('reply', 'e-mail reply');
  });

  test('Slack: a signed press of the button acknowledges; a forged one and a stranger’s do nothing', async () => {
    const { server, slack } = scene;
    const [post] = postsTo(scene, slackChannel, 'slack');
    const { blocks } = JSON.parse(post!.body) as { blocks: { elements?: { action_id?: string; value?: string }[] }[] };
    const buttons = blocks.flatMap(({ elements }) => elements ?? []);
    const button = buttons.find((one) => one.action_id?.endsWith('acknowledge'));
    const press = {
      signingSecret: slackSecret,
      member: memberOf('cleo'),
      actionId: button?.action_id ?? '',
      value: button?.value ?? '',
      responseUrl: `${slack.url}/response`,
    };
    const channelId = scene.channelIds['Chat'] ?? '';
    expect(await pressInSlack(server, channelId, { ...press, signingSecret: 'guessed' })).toBe(401);
    expect(await pressInSlack(server, channelId, { ...press, member: 'U0NOBODY' })).toBe(200);
    expect((await slack.next(({ path }) => path === '/response')).body).toContain('not linked to a person');
    expect((await incidentOf(scene, ids.slack)).status).toBe('triggered');
    expect(await pressInSlack(server, channelId, press)).toBe(200);
    await answered('slack', 'Slack');
  });

  test('SMS: the provider’s receipt is kept, and a signed reply with the code acknowledges', async () => {
    const { server } = scene;
    const [form] = textsAbout(scene, 'dan', 'text');
    const status = async () => wayOf(await pagesOf(scene, ids.text), 'sms')?.status;
    await expect.poll(status, patience).toBe('sent');
    const receipt = { MessageSid: 'SM0', MessageStatus: 'delivered', To: numberOf('dan') };
    expect((await fromTwilio(form?.get('StatusCallback') ?? '', twilioToken, receipt)).status).toBe(200);
    await expect.poll(status, patience).toBe('delivered');

    const code = /Reply (ACK \d+)/.exec(form?.get('Body') ?? '')?.[1] ?? '';
    const reply = { MessageSid: 'SM1', From: numberOf('dan'), To: '+14155550123', Body: code.toLowerCase() };
    const url = `${server.url}/callbacks/twilio/${scene.channelIds['Phone']}/sms`;
    expect((await fromTwilio(url, 'guessed', reply)).status).toBe(401);
    expect((await fromTwilio(url, twilioToken, reply)).text).toContain('acknowledged. Paging stops.');
    await answered('text', 'text message');
  });

  test('desktop: the notification is shown and receipted; its click leads to the key that acknowledges', async () => {
    const { page } = desktop;
    await expect
      .poll(async () => wayOf(await pagesOf(scene, ids.desktop), 'desktop')?.status, patience)
      .toBe('delivered');
    const titles = await page.evaluate<string[]>('shown.map(({ title }) => title)');
    expect(titles).toEqual([expect.stringContaining(titleOf('desktop'))]);
    await page.evaluate('shown[0].dispatchEvent(new Event("click"))');
    await expect(page.getByRole('heading', { name: titleOf('desktop') }).first()).toBeVisible();
    await page.keyboard.press('a');
    await answered('desktop', null);
    await expect.poll(() => page.evaluate<boolean>('shown[0].gone === true'), patience).toBe(true);
  });

  test('an unproven address is passed over, in words', async () => {
    await expect.poll(() => textsAbout(scene, 'ivo', 'unproven')).toHaveLength(1);
    expect(mailsAbout(scene, 'unproven')).toEqual([]);
    const plan = (await ledgerOf(scene, ids.unproven)).find((one) => one.kind === 'plan' && /Ivo/.test(one.title));
    expect(plan?.output).toMatchObject({ skipped: [{ reason: 'unverified' }] });
    expect(plan?.detail).toContain('Its code never came back');
  });

  test('by hand, from the phone: who answered asks for more help, and the next step goes at once', async ({
    browser,
  }) => {
    const [text] = textsAbout(scene, 'ivo', 'unproven');
    const url = /https?:\/\/\S+\/p\/\S+/.exec(text?.get('Body') ?? '')?.[0] ?? '';
    const phone = await browser.newContext({ viewport: { width: 390, height: 844 }, javaScriptEnabled: false });
    const page = await phone.newPage();
    await page.goto(url);
    await page.getByRole('button', { name: 'Acknowledge', exact: true }).click();
    expect(backupsAbout(scene, 'unproven')).toEqual([]);
    await page.getByRole('button', { name: 'Escalate to Backup' }).click();
    await expect.poll(() => backupsAbout(scene, 'unproven')).toHaveLength(1);
    expect(textsAbout(scene, 'ivo', 'unproven')).toHaveLength(1);
    const forced = (await ledgerOf(scene, ids.unproven)).find(({ kind }) => kind === 'forced');
    expect(forced?.title).toBe('Ivo Petit escalated');
    await phone.close();
  });

  test('a policy that can page nobody is refused, with the reason', async () => {
    const { server } = scene;
    const team = (await server.api('/api/v1/teams', { method: 'POST', body: { name: 'Empty' } })) as { id: string };
    const saving = savePolicy(server, 'Into the void', [step([{ type: 'team', id: team.id }])]);
    await expect(saving).rejects.toThrow('Nobody can be paged by it');
  });

  test('as code: an export plans to nothing; a change is planned, applied, and refused on another state', async () => {
    const { file, npmRun } = scene;
    expect(await npmRun('config', ['export', file])).toMatchObject({ code: 0 });
    const text = await readFile(file, 'utf8');
    for (const secret of [slackSecret, twilioToken, 'xoxb-test']) expect(text).not.toContain(secret);
    const nothing = { code: 0, output: expect.stringContaining('0 to create, 0 to change, 0 to delete.') };
    expect(await npmRun('config', ['plan', file])).toMatchObject(nothing);
    await writeFile(file, text.replace('every: 1', 'every: 2'));
    const plan = await npmRun('config', ['plan', file]);
    expect(plan).toMatchObject({ code: 2, output: expect.stringContaining('~ schedule Shop primary') });
    const basis = /--basis (\S+)/.exec(plan.output)?.[1] ?? '';
    expect((await npmRun('config', ['apply', file, '--basis', basis])).output).toContain('0 to create, 1 to change');
    expect(await npmRun('config', ['drift'])).toMatchObject({ code: 0 });
    await writeFile(file, text);
    expect(await npmRun('config', ['apply', file, '--basis', basis])).toMatchObject({ code: 1 });
  });

  test('an export of another pager is planned, names what does not map, and writes nothing', async () => {
    const { server } = scene;
    const plan = (await server.api('/api/v1/import/plan', {
      method: 'POST',
      body: { source: 'pagerduty', data: pagerDutyExport },
    })) as { changes: { op: string; kind: string; name: string }[]; unmapped: { what: string }[]; errors: unknown[] };
    expect(plan.errors).toEqual([]);
    expect(plan.changes.map(({ op, kind, name }) => `${op} ${kind} ${name}`)).toContain('create policy Critical');
    expect(plan.unmapped.map(({ what }) => what)).toEqual(['webhook_reference X in policy Critical']);
    expect((await replicaOf(server, 'policy')).map(({ name }) => name)).not.toContain('Critical');
  });

  test('who is on call is told over REST, and as a calendar to subscribe to', async () => {
    const { server } = scene;
    const onCall = (await server.api('/api/v1/oncall?schedule=Shop%20primary')) as { items: { user: string }[] };
    expect(onCall.items.map(({ user }) => user)).toEqual([people.ada]);
    const [schedule] = await replicaOf(server, 'schedule');
    const feed = { scheduleId: schedule?.['id'], renew: false };
    const answer = await fetch((await mutate<{ url: string }>(server, 'oncall.feedAddress', feed)).url);
    expect(answer.headers.get('content-type')).toContain('text/calendar');
    const calendar = await answer.text();
    expect(calendar).toContain('BEGIN:VEVENT');
    expect(calendar).toContain(people.ada);
  });

  test('a job that stops calling is an alert like any other', async () => {
    const told = await scene.hooks.next(({ path, body }) => path === '/backup' && body.includes('Nightly export'));
    // The call came at some time between these two.
    expect(told.at - beatAt).toBeGreaterThan(29_000);
    expect(told.at - firedAt).toBeLessThan(30_000 + 15_000 * busyness());
  });

  for (const [service, login, said] of [
    ['nonsense', 'gus', slackNonsense],
    ['failing', 'kim', hookError],
  ] as const) {
    test(`${service}: the next way goes within 60 s, and what the provider said stands in the ledger`, async () => {
      const long = { timeout: 65_000, intervals: [250] };
      await expect.poll(() => textsAbout(scene, login, service), long).toHaveLength(1);
      const sms = async () => wayOf(await pagesOf(scene, ids[service]), 'sms');
      await expect.poll(async () => (await sms())?.sentAt ?? null).not.toBeNull();
      const paged = (await pagesOf(scene, ids[service])).find(({ userId }) => userId !== null);
      const afterMs = Date.parse((await sms())?.sentAt ?? '') - Date.parse(paged?.at ?? '');
      expect(afterMs).toBeLessThan(60_000);
      const attempts = (await ledgerOf(scene, ids[service])).filter(({ kind }) => kind === 'attempt');
      expect(attempts.some(({ input }) => (input as { response: string }).response.includes(said))).toBe(true);
      const timeline = await timelineOf(scene.server, ids[service]);
      expect(timeline.some(({ kind, text }) => kind === 'page' && text.includes('failed'))).toBe(true);
    });
  }

  test('nobody answering: the second way and the second step come when they are due, and only there', async () => {
    test.setTimeout(2 * awayMs);
    const long = { timeout: awayMs + 10_000 * busyness(), intervals: [250] };
    await expect.poll(() => backupsAbout(scene, 'unanswered'), long).toHaveLength(1);
    await expect.poll(() => textsAbout(scene, 'hana', 'unanswered')).toHaveLength(1);
    const [backup] = backupsAbout(scene, 'unanswered');
    expect(backup!.at - firedAt).toBeGreaterThan(awayMs - 1_000);
    expect(backup!.at - firedAt).toBeLessThan(awayMs + 10_000 * busyness());
    // All fired together: a way or a step that no answer had stopped would be out by now.
    for (const [service, at] of answeredAt) {
      const told = tellings(scene).filter((one) => one.service === service);
      expect(told.map(({ what }) => what).toSorted(), service).toEqual(toldOf[service]);
      expect(Math.max(...told.map((one) => one.at)), `"${service}" was told after its answer`).toBeLessThan(at);
    }
    expect([...answeredAt.keys()]).toHaveLength(noMailbox === null ? 5 : 4);
  });

  test('replayed from the record, every decision is the same', async () => {
    const { code, output } = await scene.npmRun('ledger', ['replay', '--since', '1']);
    console.log(output.trim());
    expect(output).toMatch(/decisions the same, 0 different/);
    expect(Number(/(\d+) decisions/.exec(output)?.[1])).toBeGreaterThan(80);
    expect(code).toBe(0);
  });

  async function answered(service: Service, via: string | null): Promise<void> {
    answeredAt.set(service, await expectAnswered(scene, ids[service], service, via));
  }
});
