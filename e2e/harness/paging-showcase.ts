// A shop's center with everything of paging set up and an outage on it: for the pictures, and for a look at every screen.
import { stringify } from 'yaml';
import type { ConfigFileInput } from '#server/modules/config/as-code/format.ts';
import type { Page } from '#server/contract/page.ts';
import { likeTwilio } from './callbacks.ts';
import { playDemo } from './demo.ts';
import { startMailServer } from './mail.ts';
import { setPaging } from './paging.ts';
import { proveAddresses, replicaOf } from './paging-scene.ts';
import { likeSlack, type Receiver, startReceiver } from './receiver.ts';
import { mutate, until } from './rest.ts';
import { type RunningServer, startServer } from './server.ts';

export interface Showcase {
  server: RunningServer;
  /** By login, and by the names of schedules, policies and routes. */
  ids: Record<'user' | 'schedule' | 'policy' | 'route', Record<string, string>>;
  /** Priya's page that she has not answered, and its incident. */
  page: Page;
  /** Signs Priya in. */
  link(): Promise<string>;
  stop(): Promise<void>;
}

const people = {
  priya: 'Priya Raman',
  diego: 'Diego Santos',
  lucia: 'Lucía Ferrer',
  ngozi: 'Ngozi Okafor',
  mara: 'Mara Lindqvist',
  sam: 'Sam Whitfield',
};
type Login = keyof typeof people;
const logins = Object.keys(people) as Login[];

/** The demo's outage until its second `until`, with the pages it makes; `before` it, somebody may sit down at a desktop. */
export async function startShowcase(
  demo: { speed: number; until: number },
  before: (showcase: Pick<Showcase, 'server' | 'link'>) => Promise<void> = async () => undefined,
): Promise<Showcase> {
  const [server, smtp, slack, twilio, hooks] = await Promise.all([
    startServer(),
    startMailServer(),
    startReceiver(likeSlack()),
    startReceiver(likeTwilio()),
    startReceiver(),
  ]);
  const stop = async (): Promise<void> => {
    await server.stop();
    await Promise.all([smtp.stop(), slack.stop(), twilio.stop(), hooks.stop(), server.remove()]);
  };
  try {
    await setPaging(server, { allowedPrivateHosts: [slack.host, twilio.host, hooks.host, `localhost:${smtp.port}`] });
    await setUp(server, { slack, twilio });
    const ids = await idsOf(server);
    await proveAddresses({ server, smtp, slack, twilio, hooks });
    await callIn(server);
    await rename(server, 'Tomasz Wierzba');
    const link = async (): Promise<string> => {
      const path = `/api/v1/users/${ids.user['priya']}/invite`;
      const { token } = (await server.api(path, { method: 'POST', body: {} })) as { token: string };
      return `${server.url}/auth/link?token=${token}`;
    };
    await before({ server, link });
    await playDemo(server, demo);
    const page = await until(async () => {
      const { items } = (await server.api('/api/v1/pages')) as { items: Page[] };
      const mine = items.filter(({ userId, status }) => userId === ids.user['priya'] && status === 'open');
      return mine.find(({ priority }) => priority === 'important') ?? mine[0];
    });
    return { server, ids, page, link, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function setUp(server: RunningServer, providers: { slack: Receiver; twilio: Receiver }): Promise<void> {
  const yaml = stringify(fileOf(providers), { aliasDuplicateObjects: false });
  const secrets = { SLACK_TOKEN: 'xoxb-test', SLACK_SECRET: 'slack-signing-secret', TWILIO_TOKEN: 'twilio-auth-token' };
  const body = { yaml, prune: false, secrets, basis: null };
  const { errors } = (await server.api('/api/v1/config/apply', { method: 'POST', body })) as { errors: unknown[] };
  if (errors.length > 0) throw new Error(`the file was not applied: ${JSON.stringify(errors)}`);
}

function fileOf({ slack, twilio }: { slack: Receiver; twilio: Receiver }): ConfigFileInput {
  const hour = 3_600_000;
  const now = Math.floor(Date.now() / hour) * hour;
  const at = (hours: number): string => new Date(now + hours * hour).toISOString();
  const weekly = { unit: 'week', every: 1, handoffTime: '09:00', startsOn: mondayBefore(now) } as const;
  const daily = { ...weekly, unit: 'day' } as const;
  const profiles = logins.map((login, index) => {
    const profile = {
      name: people[login],
      role: login === 'priya' ? ('admin' as const) : ('responder' as const),
      timeZone: login === 'ngozi' ? 'Africa/Lagos' : 'Europe/Berlin',
      // Ngozi has no second way: what a profile that lacks something looks like.
      methods: [
        { kind: 'desktop' as const },
        ...(login === 'ngozi'
          ? []
          : [
              { kind: 'slack' as const, address: `U0${login.toUpperCase()}` },
              { kind: 'sms' as const, address: `+4915100000${10 + index}` },
              { kind: 'voice' as const, address: `+4915100000${10 + index}` },
            ]),
      ],
      rules: {
        default: [{ method: 'desktop', delayMinutes: 0 }],
        important:
          login === 'ngozi'
            ? [{ method: 'desktop', delayMinutes: 0 }]
            : [
                { method: 'desktop', delayMinutes: 0 },
                { method: 'sms', delayMinutes: 0 },
                { method: 'voice', delayMinutes: 2 },
              ],
      },
      quietHours: { from: '22:00', to: '07:00' },
    };
    return [login, profile] as const;
  });
  return {
    teams: { payments: { members: ['priya', 'diego', 'lucia'] }, platform: { members: ['ngozi', 'mara', 'sam'] } },
    people: Object.fromEntries(profiles),
    channels: {
      'ops-chat': {
        kind: 'slack',
        settings: { channel: 'C0OPS', apiUrl: slack.url },
        secrets: { botToken: { env: 'SLACK_TOKEN' }, signingSecret: { env: 'SLACK_SECRET' } },
      },
      phone: {
        kind: 'twilio',
        settings: { baseUrl: twilio.url, accountSid: 'AC00000000000000000000000000000000', from: '+14155550123' },
        secrets: { authToken: { env: 'TWILIO_TOKEN' } },
      },
    },
    schedules: {
      'payments-primary': {
        description: 'First for everything that takes money',
        team: 'payments',
        timeZone: 'Europe/Berlin',
        layers: [
          { name: 'Weekly', timeZone: 'Europe/Berlin', rotation: weekly, participants: ['diego', 'lucia', 'priya'] },
          {
            name: 'Nights',
            priority: 1,
            timeZone: 'Europe/Berlin',
            rotation: daily,
            participants: ['mara', 'sam'],
            restrictions: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '02:00', to: '06:00' }],
          },
        ],
      },
      'payments-secondary': {
        team: 'payments',
        timeZone: 'Europe/Berlin',
        layers: [
          { name: 'Weekly', timeZone: 'Europe/Berlin', rotation: weekly, participants: ['lucia', 'priya', 'diego'] },
        ],
      },
      platform: {
        team: 'platform',
        timeZone: 'Africa/Lagos',
        layers: [{ name: 'Days', timeZone: 'Africa/Lagos', rotation: daily, participants: ['ngozi', 'mara', 'sam'] }],
      },
    },
    overrides: [
      {
        schedule: 'payments-primary',
        mode: 'replace',
        user: 'priya',
        replaces: null,
        startsAt: at(-2),
        endsAt: at(5),
        reason: 'Diego flies at five',
      },
    ],
    timeOff: [{ user: 'diego', startsAt: at(96), endsAt: at(168), reason: 'Lisbon' }],
    policies: {
      'payments-critical': {
        description: 'Money stands still: wake somebody',
        team: 'payments',
        steps: [
          { targets: [{ schedule: 'payments-primary' }, { channel: 'ops-chat' }], delayMinutes: 5 },
          { targets: [{ schedule: 'payments-secondary' }], delayMinutes: 10, priority: 'important' },
          { targets: [{ team: 'payments' }], delayMinutes: 15, severities: ['sev1'] },
        ],
        repeat: 2,
      },
      'platform-hours': {
        description: 'The shop around it, in working hours',
        team: 'platform',
        steps: [
          { targets: [{ schedule: 'platform' }], delayMinutes: 15, hours: 'working' },
          { targets: [{ user: 'sam' }], delayMinutes: 30 },
        ],
        workingHours: {
          timeZone: 'Europe/Berlin',
          days: ['mon', 'tue', 'wed', 'thu', 'fri'],
          from: '09:00',
          to: '18:00',
        },
      },
    },
    routes: [
      { name: 'drills', condition: 'alert.labels.env == "drill"', policy: null },
      { name: 'search', condition: 'alert.service == "search"', policy: 'platform-hours', holdSeconds: 30 },
      {
        name: 'payments',
        condition: 'alert.service in ["payments", "payments-db", "checkout"] && alert.severity in ["sev1", "sev2"]',
        policy: 'payments-critical',
        channels: ['ops-chat'],
      },
      { name: 'gateway', condition: 'alert.service == "gateway"', policy: 'platform-hours' },
    ],
    catchAll: { policy: 'platform-hours' },
    inhibitions: {
      'database explains payments': {
        cause: 'alert.service == "payments-db" && alert.severity == "sev1"',
        symptom: 'alert.service == "storefront"',
        equal: [],
      },
    },
    monitors: {
      'Nightly export': { severity: 'sev2', service: 'exports', intervalSeconds: 86_400, graceSeconds: 1_800 },
      'Card settlement': { severity: 'sev1', service: 'payments', intervalSeconds: 3_600, graceSeconds: 300 },
    },
  };
}

/** A monitor heard once, the other waiting for its first call. */
async function callIn(server: RunningServer): Promise<void> {
  const monitor = (await replicaOf(server, 'monitor')).find(({ name }) => name === 'Card settlement');
  const { url } = await mutate<{ url: string }>(server, 'monitors.newKey', { id: monitor?.['id'] });
  await fetch(url);
}

/** The administrator, who acts here, gets the name of a person. */
async function rename(server: RunningServer, name: string): Promise<void> {
  const { user } = (await server.api('/api/v1/me')) as { user: { id: string } };
  await server.api(`/api/v1/users/${user.id}`, { method: 'PATCH', body: { name } });
}

async function idsOf(server: RunningServer): Promise<Showcase['ids']> {
  const ids: Showcase['ids'] = { user: {}, schedule: {}, policy: {}, route: {} };
  for (const kind of ['user', 'schedule', 'policy', 'route'] as const) {
    for (const row of await replicaOf(server, kind)) {
      ids[kind][String(kind === 'user' ? row['login'] : row['name'])] = String(row['id']);
    }
  }
  return ids;
}

function mondayBefore(ms: number): string {
  const day = (new Date(ms).getUTCDay() + 6) % 7;
  return new Date(ms - (day + 21) * 86_400_000).toISOString().slice(0, 10);
}
