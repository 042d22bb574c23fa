// Who there is and how they are paged, as their administrator writes it down, for the tests of paging.
import { mailTestCertificate } from '#server/testkit/mail-certificate.ts';

export const slackSecret = 'slack-signing-secret';
export const twilioToken = 'twilio-auth-token';
export const mailboxUser = 'pager';
export const slackChannel = 'C0OPS';
export const slackNonsense = '<html>the proxy says hello</html>';
export const hookError = 'the receiver of Kim is on fire';

/** Login and name; addresses are made of the login, so that a receiver sees whose a message is. */
export const people = {
  ada: 'Ada Marsh',
  ben: 'Ben Okri',
  cleo: 'Cleo Diaz',
  dan: 'Dan Berg',
  eve: 'Eve Lund',
  gus: 'Gus Roth',
  kim: 'Kim Vane',
  hana: 'Hana Sato',
  ivo: 'Ivo Petit',
} as const;
export type Login = keyof typeof people;
const logins = Object.keys(people) as Login[];

export const mailOf = (login: Login) => `${login}@example.com`;
export const memberOf = (login: Login) => `U0${login.toUpperCase()}`;
export const numberOf = (login: Login) => `+4915100000${String(logins.indexOf(login)).padStart(2, '0')}`;

/** Each alert's service has a policy of its own: whom it pages, and that nobody answering is told to Backup two minutes on. */
export const services = {
  link: 'ada',
  reply: 'ben',
  slack: 'cleo',
  text: 'dan',
  desktop: 'eve',
  nonsense: 'gus',
  failing: 'kim',
  unanswered: 'hana',
  unproven: 'ivo',
} as const satisfies Record<string, Login>;
export type Service = keyof typeof services;

/** Time for all the answers of a test on a busy machine, which come one after the other. */
const away = { delayMinutes: 2 };
export const awayMs = away.delayMinutes * 60_000;

/** Everything about paging as its administrator writes it down. */
export function pagingFile({
  smtp,
  dovecot,
  slack,
  twilio,
  hooks,
}: {
  smtp: { port: number };
  dovecot: { tlsPort: number } | null;
  slack: { url: string };
  twilio: { url: string };
  hooks: { url: string };
}) {
  const imap = { imapHost: 'localhost', imapPort: dovecot?.tlsPort ?? 0, imapUser: mailboxUser };
  const first: Record<Login, Record<string, string>> = {
    ada: { kind: 'email', address: mailOf('ada') },
    ben: { kind: 'email', address: mailOf('ben') },
    cleo: { kind: 'slack', address: memberOf('cleo') },
    dan: { kind: 'sms', address: numberOf('dan') },
    eve: { kind: 'desktop' },
    gus: { kind: 'slack', address: memberOf('gus') },
    kim: { kind: 'webhook', address: `${hooks.url}/kim` },
    hana: { kind: 'email', address: mailOf('hana') },
    ivo: { kind: 'email', address: mailOf('ivo') },
  };
  const profiles = logins.map((login) => {
    const own = first[login];
    // Another way, two minutes later, so that there is something for an acknowledgement to stop.
    const other = own['kind'] === 'sms' ? 'voice' : 'sms';
    const later = login === 'gus' || login === 'kim' ? 10 : login === 'ivo' ? 0 : away.delayMinutes;
    const rules = [
      { method: own['kind'], delayMinutes: 0 },
      { method: other, delayMinutes: later },
    ];
    const methods = [own, { kind: other, address: numberOf(login) }];
    const profile = { timeZone: 'Europe/Berlin', methods, rules: { default: rules, important: rules } };
    return [login, { name: people[login], role: 'responder', ...profile }] as const;
  });
  const policies = Object.entries(services).map(([service, login]) => {
    const target = service === 'link' ? { schedule: 'Shop primary' } : { user: login };
    return [
      `${service} policy`,
      {
        steps: [
          { targets: [target], ...away },
          { targets: [{ channel: 'Backup' }], ...away },
        ],
      },
    ];
  });
  const routes = Object.keys(services).map((service) => {
    return {
      name: service,
      condition: `alert.service == "${service}"`,
      policy: `${service} policy`,
      channels: ['Chat'],
    };
  });
  return {
    people: Object.fromEntries(profiles),
    channels: {
      Mail: {
        kind: 'email',
        settings: {
          host: 'localhost',
          port: smtp.port,
          from: 'Tocsin <pager@example.com>',
          caCertificate: mailTestCertificate,
          ...(dovecot === null ? {} : imap),
        },
        secrets: { imapPassword: { env: 'IMAP_PASSWORD' } },
      },
      Chat: {
        kind: 'slack',
        settings: { channel: slackChannel, apiUrl: slack.url },
        secrets: { botToken: { env: 'SLACK_TOKEN' }, signingSecret: { env: 'SLACK_SECRET' } },
      },
      Phone: {
        kind: 'twilio',
        settings: { baseUrl: twilio.url, accountSid: 'AC00000000000000000000000000000000', from: '+14155550123' },
        secrets: { authToken: { env: 'TWILIO_TOKEN' } },
      },
      Backup: {
        kind: 'webhook',
        settings: { url: `${hooks.url}/backup` },
        secrets: { signingSecret: { env: 'HOOK_SECRET' } },
      },
    },
    schedules: {
      'Shop primary': {
        timeZone: 'Europe/Berlin',
        layers: [
          {
            name: 'Weekly',
            timeZone: 'Europe/Berlin',
            rotation: { unit: 'week', every: 1, handoffTime: '09:00', startsOn: '2026-01-05' },
            participants: ['ada'],
          },
        ],
      },
    },
    policies: {
      ...Object.fromEntries(policies),
      'Backup alone': { steps: [{ targets: [{ channel: 'Backup' }], delayMinutes: 5 }] },
    },
    routes,
    catchAll: { policy: 'Backup alone' },
    monitors: { 'Nightly export': { severity: 'sev2', service: 'nightly', intervalSeconds: 30 } },
  };
}

/** What the REST API of another pager answers about itself, put together as docs/migrate.md says. */
export const pagerDutyExport = {
  users: [{ id: 'U1', name: 'Zoe', email: 'zoe@example.org', time_zone: 'Europe/Berlin' }],
  schedules: [],
  escalation_policies: [
    {
      id: 'E1',
      name: 'Critical',
      num_loops: 2,
      escalation_rules: [
        {
          escalation_delay_in_minutes: 10,
          targets: [
            { id: 'U1', type: 'user_reference' },
            { id: 'X', type: 'webhook_reference' },
          ],
        },
      ],
    },
  ],
  services: [],
};
