import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { v7 as uuid } from 'uuid';
import { startServer } from './harness/server.ts';
import { saveConfig, savePolicy, saveRoute, step } from './harness/paging.ts';
import { raise, send, mutate, incidentsOf, act } from './harness/rest.ts';
const hook = createServer((q, r) => {
  q.resume();
  q.on('end', () => {
    if (q.url === '/bad') {
      r.statusCode = 500;
      r.end('<html>upstream is on fire</html>');
    } else {
      r.statusCode = 200;
      r.end('ok');
    }
  });
}).listen(0, '127.0.0.1');
await new Promise((r) => setTimeout(r, 200));
const hp = (hook.address() as any).port;
const s = await startServer({ env: { TOCSIN_LOG_LEVEL: 'warn' } });
const { user } = (await s.api('/api/v1/me')) as any;
const add = async (login: string, name: string, role = 'responder') => {
  const a: any = await s.api('/api/v1/users', { method: 'POST', body: { login, name, role } });
  return a.user?.id ?? a.id;
};
const diego = await add('diego', 'Diego Santos');
const lucia = await add('lucia', 'Lucía Ferrer');
const ngozi = await add('ngozi', 'Ngozi Okafor', 'manager');
await mutate(s, 'watchdog.set', { allowedPrivateHosts: ['127.0.0.1'] });
const today = new Date(Date.now() - 8 * 864e5).toISOString().slice(0, 10);
const layer = (name: string, people: string[][], priority = 0) => ({
  type: 'rotation' as const,
  id: uuid(),
  name,
  priority,
  timeZone: 'Europe/Berlin',
  rotation: { unit: 'day' as const, every: 1, handoffTime: '09:00', startsOn: today },
  participants: people,
  restrictions: [],
  endsOn: null,
});
const pay = await saveConfig(s, {
  kind: 'schedule',
  draft: {
    name: 'Payments primary',
    description: 'Checkout and what it calls',
    teamId: null,
    timeZone: 'Europe/Berlin',
    layers: [layer('rotation', [[diego], [lucia]])],
  },
});
const search = await saveConfig(s, {
  kind: 'schedule',
  draft: {
    name: 'Search',
    description: '',
    teamId: null,
    timeZone: 'UTC',
    layers: [layer('daily', [[lucia], [ngozi]])],
  },
});
await saveConfig(s, {
  kind: 'override',
  draft: {
    mode: 'replace',
    scheduleId: pay,
    startsAt: new Date(Date.now() - 2 * 36e5).toISOString(),
    endsAt: new Date(Date.now() + 5 * 36e5).toISOString(),
    userId: user.id,
    replacedUserId: null,
    reason: 'Diego flies at five',
  } as any,
});
const web = await saveConfig(s, {
  kind: 'channel',
  draft: {
    name: 'Status webhook',
    kind: 'webhook',
    enabled: true,
    settings: { url: `http://127.0.0.1:${hp}/ok` },
    secrets: { signingSecret: 'whsec_' + Buffer.from('0123456789012345678901234567890123').toString('base64') },
  },
});
const bad = await saveConfig(s, {
  kind: 'channel',
  draft: {
    name: 'Broken webhook',
    kind: 'webhook',
    enabled: true,
    settings: { url: `http://127.0.0.1:${hp}/bad` },
    secrets: { signingSecret: 'whsec_' + Buffer.from('0123456789012345678901234567890123').toString('base64') },
  },
});
await saveConfig(s, {
  kind: 'channel',
  draft: {
    name: 'Ops in Slack',
    kind: 'slack',
    enabled: true,
    settings: { channel: '#incidents' },
    secrets: { botToken: 'xoxb-1', signingSecret: 'abc' },
  } as any,
});
const critical = await savePolicy(
  s,
  'payments-critical',
  [
    step([{ type: 'schedule', id: pay }], { delayMinutes: 5 }),
    step(
      [
        { type: 'user', id: diego },
        { type: 'channel', id: bad },
      ],
      { delayMinutes: 10 },
    ),
  ],
  2,
);
const searchPolicy = await savePolicy(s, 'search', [step([{ type: 'schedule', id: search }], { delayMinutes: 15 })]);
const nobodySoon = await savePolicy(s, 'webhook-only', [step([{ type: 'channel', id: bad }], { delayMinutes: 0 })]);
await saveRoute(s, searchPolicy, { name: 'Search', condition: 'alert.service == "search"' });
await saveRoute(s, nobodySoon, { name: 'Batch jobs', condition: 'alert.service.startsWith("batch")' });
await saveRoute(s, critical, {
  name: 'Payments',
  condition: 'alert.service in ["payments", "payments-db"] && alert.severity == "sev1"',
  channelIds: [web],
});
await saveConfig(s, {
  kind: 'inhibition',
  draft: {
    name: 'Database holds its callers',
    enabled: true,
    cause: 'alert.service == "payments-db"',
    symptom: 'alert.service == "checkout"',
    equal: ['env'],
  },
});
const mon = await saveConfig(s, {
  kind: 'monitor',
  draft: {
    name: 'Nightly backup',
    enabled: true,
    severity: 'sev2',
    service: 'db',
    intervalSeconds: 3600,
    graceSeconds: 600,
    labels: { team: 'db' },
  },
});
await saveConfig(s, {
  kind: 'monitor',
  draft: {
    name: 'Certificate renewal',
    enabled: true,
    severity: 'sev3',
    service: '',
    intervalSeconds: 86400,
    graceSeconds: 3600,
    labels: {},
  },
});
const k: any = await mutate(s, 'monitors.newKey', { id: mon });
await fetch(k.url.startsWith('http') ? k.url : s.url + k.url).then((r) => r.text());
writeFileSync('/tmp/uib/scene.json', JSON.stringify({ url: s.url, token: s.adminToken, pid: s.pid, me: user.id }));
const key = await s.integration('generic');
const fire = (title: string, service: string, severity: string) =>
  send(s, '/webhooks/generic', key, { title, service, severity, dedupKey: title });
await fire('Checkout failing for card payments', 'payments', 'sev1');
await fire('Search shows items that are sold out', 'search', 'sev2');
await fire('Nightly invoices are late', 'batch-invoices', 'sev3');
await fire('Disk is 91% full on build-7', 'ci', 'sev3');
await new Promise((r) => setTimeout(r, 4000));
writeFileSync(
  '/tmp/uib/scene.json',
  JSON.stringify(
    {
      url: s.url,
      token: s.adminToken,
      pid: s.pid,
      me: user.id,
      incidents: (await incidentsOf(s)).map((i) => [i.id, i.number, i.title, i.status]),
      pages: ((await s.api('/api/v1/pages')) as any).items,
      ids: { pay, web, bad, critical, diego },
      alerts: ((await s.api('/api/v1/alerts?limit=50')) as any).items.map((a: any) => [a.id, a.title]),
    },
    null,
    1,
  ),
);
console.log('ready');
process.on('SIGTERM', async () => {
  await s.stop();
  await s.remove();
  hook.close();
  process.exit(0);
});
setTimeout(async () => {
  await s.stop();
  await s.remove();
  process.exit(0);
}, 50 * 60_000);
