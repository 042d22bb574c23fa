// What the receivers and the center say of a page, for the tests that compare the two.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Browser, expect, type Page as BrowserPage } from '@playwright/test';
import type { Incident } from '#server/contract/incident.ts';
import type { LedgerEntry, Notification, Page } from '#server/contract/page.ts';
import { launchBrowser, openSignedIn } from './browser.ts';
import { slackCallOf } from './callbacks.ts';
import type { TakenMail } from './mail.ts';
import { type Login, numberOf, people, type Service, services, slackChannel } from './paging-file.ts';
import { formsTo, type PagingScene, replicaOf } from './paging-scene.ts';
import { type Tool, toolPath } from './prometheus.ts';
import type { Arrival } from './receiver.ts';
import { mutate } from './rest.ts';

/** Of what the center does within a second or two; asked so seldom that the limit of calls is far. */
export const patience = { timeout: 15_000, intervals: [200] };

/** What the built-in grouping rule calls the incident of its alert. */
export const titleOf = (service: Service): string => `${service}: ShopDown`;

export function alertmanagerYaml(url: string, key: string): string {
  return `receivers:
  - name: tocsin
    webhook_configs:
      - url: ${url}/api/v1/alerts/webhook
        send_resolved: true
        http_config:
          authorization:
            credentials: ${key}
route:
  receiver: tocsin
  group_by: ['...']
  group_wait: 0s
  group_interval: 1s
`;
}

/** Adds an alert to Alertmanager with its own tool. */
export async function fire(alertmanager: Tool, service: Service): Promise<void> {
  await promisify(execFile)(toolPath('amtool'), [
    `--alertmanager.url=${alertmanager.url}`,
    'alert',
    'add',
    'alertname=ShopDown',
    `service=${service}`,
    'severity=critical',
    '--annotation=summary=A part of the shop does not answer',
  ]);
}

/** Through what each answered one went out, the channel of its route included: once each, and no more. */
export const toldOf: Partial<Record<Service, string[]>> = {
  link: ['Slack', 'mail'],
  reply: ['Slack', 'mail'],
  slack: ['Slack', 'Slack'],
  text: ['Slack', 'phone'],
  desktop: ['Slack'],
};

export interface Telling {
  at: number;
  service: Service;
  what: string;
}

/** Every message that reached a provider about an incident: pages and announcements, not changes of what stands there. */
export function tellings({ smtp, slack, twilio, hooks }: PagingScene): Telling[] {
  const all = [
    ...smtp.taken.map(({ at, mail }) => ({ at, what: 'mail', text: mail.subject ?? '' })),
    ...slack.arrivals
      .filter(({ path }) => path.endsWith('chat.postMessage'))
      .map(({ at, body }) => ({ at, what: 'Slack', text: body })),
    ...twilio.arrivals.map(({ at, body }) => {
      const form = new URLSearchParams(body);
      return { at, what: 'phone', text: form.get('Body') ?? form.get('Twiml') ?? '' };
    }),
    ...hooks.arrivals
      .filter(({ body }) => !body.includes('"incident.updated"'))
      .map(({ at, body }) => ({ at, what: 'webhook', text: body })),
  ];
  return all.flatMap(({ at, what, text }) => {
    const service = (Object.keys(services) as Service[]).find((one) => text.includes(titleOf(one)));
    return service === undefined ? [] : [{ at, service, what }];
  });
}

export function mailsAbout({ smtp }: PagingScene, service: Service): TakenMail[] {
  return smtp.taken.filter(({ mail }) => mail.subject?.includes(titleOf(service)) === true);
}

export function postsTo({ slack }: PagingScene, channel: string, service: Service): Arrival[] {
  return slack.arrivals.filter((arrival) => {
    if (!arrival.path.endsWith('chat.postMessage')) return false;
    const call = slackCallOf(arrival);
    return call.channel === channel && call.text.includes(titleOf(service));
  });
}

export function textsAbout({ twilio }: PagingScene, login: Login, service: Service): URLSearchParams[] {
  return formsTo(twilio, numberOf(login)).filter((form) => form.get('Body')?.includes(titleOf(service)) === true);
}

export function backupsAbout({ hooks }: PagingScene, service: Service): Arrival[] {
  return hooks.arrivals.filter(({ path, body }) => path === '/backup' && body.includes(titleOf(service)));
}

export async function incidentOf({ server }: PagingScene, id: string): Promise<Incident> {
  return (await server.api(`/api/v1/incidents/${id}`)) as Incident;
}

export async function pagesOf({ server }: PagingScene, incidentId: string): Promise<Page[]> {
  return ((await server.api(`/api/v1/pages?incident=${incidentId}`)) as { items: Page[] }).items;
}

export function wayOf(pages: readonly Page[], via: Notification['via']): Notification | undefined {
  return pages.flatMap(({ notifications }) => notifications).find((one) => one.via === via);
}

export async function ledgerOf({ server }: PagingScene, incidentId: string): Promise<LedgerEntry[]> {
  return ((await server.api(`/api/v1/incidents/${incidentId}/ledger?limit=1000`)) as { items: LedgerEntry[] }).items;
}

/** Where the job has to call that the monitor waits for. */
export async function heartbeatAddress({ server }: PagingScene): Promise<string> {
  const [monitor] = await replicaOf(server, 'monitor');
  return (await mutate<{ url: string }>(server, 'monitors.newKey', { id: monitor?.['id'] })).url;
}

/**
 * Signed in as Eve, allowed to notify, and not where a page would be on screen anyway. In a browser of its own: one without
 * windows shows no notification.
 */
export async function openDesktop({ server, userIds }: PagingScene): Promise<{ page: BrowserPage; browser: Browser }> {
  const browser = await launchBrowser();
  const invite = `/api/v1/users/${userIds['eve']}/invite`;
  const { token } = (await server.api(invite, { method: 'POST', body: {} })) as { token: string };
  const link = `${server.url}/auth/link?token=${token}`;
  const opened = await openSignedIn(browser, server, { link, path: '/settings' });
  await opened.context.grantPermissions(['notifications'], { origin: server.url });
  // Clicks on them are the operating system's to make; a test can only reach the objects.
  await opened.page.evaluate(`
    window.shown = [];
    window.Notification = class extends Notification {
      constructor(...given) {
        super(...given);
        window.shown.push(this);
        this.addEventListener('close', () => (this.gone = true));
      }
    };`);
  return { page: opened.page, browser };
}

/**
 * The right person, by the right way, in every record; what else waited is called off; Slack shows it in its place.
 * Answers when (performance.now()) the acknowledgement was known to be in.
 */
export async function expectAnswered(
  scene: PagingScene,
  incidentId: string,
  service: Service,
  via: string | null,
): Promise<number> {
  const login = services[service];
  const userId = scene.userIds[login];
  await expect.poll(async () => (await incidentOf(scene, incidentId)).status, patience).toBe('acknowledged');
  const at = performance.now();
  expect((await incidentOf(scene, incidentId)).acknowledgedBy).toBe(userId);
  const ledger = await ledgerOf(scene, incidentId);
  const acknowledged = ledger.filter(({ kind }) => kind === 'acknowledgement');
  expect(acknowledged.map(({ input }) => input)).toEqual([{ userId, name: people[login], via, again: false }]);
  expect(ledger.findLast(({ kind }) => kind === 'stop')?.output).toMatchObject({ action: 'stop' });
  const page = (await pagesOf(scene, incidentId)).find((one) => one.userId === userId);
  const endedBy = via === null ? people[login] : `${people[login]}, ${via}`;
  expect(page).toMatchObject({ status: 'acknowledged', endedBy });
  expect(page?.notifications.map(({ status }) => status).slice(1)).toEqual(['cancelled']);
  const why = (await scene.server.api(`/api/v1/pages/${page?.id}/why`)) as { answer: string[] };
  expect(why.answer[1]).toContain(`paged ${people[login]}`);
  expect(why.answer[2]).toContain(`acknowledged by ${endedBy}`);

  const [post] = postsTo(scene, slackChannel, service);
  const changed = await scene.slack.next((arrival) => {
    return arrival.path.endsWith('chat.update') && arrival.body.includes(`"ts":"${scene.slackTs.get(post!.body)}"`);
  });
  expect(slackCallOf(changed).channel).toBe(slackChannel);
  expect(changed.body).toContain(`by ${people[login]}`);
  expect(changed.body).not.toContain('tocsin.acknowledge');
  return at;
}
