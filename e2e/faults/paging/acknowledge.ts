// Acknowledgements at random moments while pages queue for a slow provider: none may leave 1 s after the answer.
import { savePolicy, saveRoute, step } from '../../harness/paging.ts';
import { type Center, openCenter, pause, person, webhookChannel } from './center.ts';
import { isPage } from './witness.ts';

const ways = 6;
/** After the acknowledgement was answered (R3). */
const allowedMs = 1_000;

export async function acknowledgeRound(incidents: number) {
  const center = await openCenter({ servers: 2, prepare: queueingPolicy });
  try {
    center.witness.behave('/', 'slow');
    const answered = new Map<string, number>();
    const underWay: Promise<void>[] = [];
    for (let n = 0; n < incidents; n += 1) {
      underWay.push(declareAndAcknowledge(center, n, (id) => answered.set(id, performance.now())));
      await pause(150);
    }
    await Promise.all(underWay);
    await pause(8_000);
    const pages = center.witness.told.filter(isPage);
    const after = pages.flatMap(({ at, incidentIds }) =>
      incidentIds.flatMap((id) => (answered.has(id) ? [at - answered.get(id)!] : [])),
    );
    const { rows } = await center.sql.query<{ status: string; count: string }>(
      'SELECT status, count(*) FROM notification GROUP BY status',
    );
    const tooLate = after.filter((ms) => ms > allowedMs).length;
    return {
      scenario: 'acknowledge',
      violations: [
        ...center.deaths,
        ...(tooLate > 0 ? [`${tooLate} pages arrived more than a second after the acknowledgement was answered`] : []),
      ],
      acknowledged: answered.size,
      pages: pages.length,
      notifications: Object.fromEntries(rows.map(({ status, count }) => [status, Number(count)])),
      /** Arrivals after the answer at all, and the latest of them. */
      afterTheAnswer: after.filter((ms) => ms > 0).length,
      latestMs: Math.round(Math.max(0, ...after)),
    };
  } finally {
    await center.stop();
  }
}

/** Many people on one channel, so that its pace makes pages wait; and a second step that is due at once. */
async function queueingPolicy(center: Center): Promise<void> {
  const channel = await webhookChannel(center, '/all');
  const users: string[] = [];
  for (let n = 0; n < ways; n += 1)
    users.push(await person(center, `person-${n}`, [{ path: `/person/${n}`, channelId: channel }]));
  const targets = users.map((id) => ({ type: 'user' as const, id }));
  const policy = await savePolicy(center.some(), 'Everybody', [
    step(targets.slice(0, 3), { delayMinutes: 0 }),
    step([...targets.slice(3), { type: 'channel', id: channel }], { delayMinutes: 600 }),
  ]);
  await saveRoute(center.some(), policy);
}

async function declareAndAcknowledge(center: Center, n: number, answered: (id: string) => void): Promise<void> {
  const declared = (await center.some().api('/api/v1/incidents', {
    method: 'POST',
    body: { title: `Fault ${n}.`, severity: 'sev1' },
  })) as { id: string };
  await pause(Math.random() * 2_000);
  await center.some().api(`/api/v1/incidents/${declared.id}/acknowledge`, { method: 'POST', body: {} });
  answered(declared.id);
}
