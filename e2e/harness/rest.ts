// What the center knows, asked over REST and tRPC beside the browser: the witness of what the screens claim.
import { v7 as uuid } from 'uuid';
import type { Alert } from '#server/contract/alert.ts';
import type { Incident, TimelineEntry } from '#server/contract/incident.ts';
import type { Action, IntentResult } from '#server/contract/intent.ts';
import type { RunningServer } from './server.ts';

export async function alertsOf(server: RunningServer): Promise<Alert[]> {
  return ((await server.api('/api/v1/alerts?limit=200')) as { items: Alert[] }).items;
}

export async function incidentsOf(server: RunningServer): Promise<Incident[]> {
  return ((await server.api('/api/v1/incidents')) as { items: Incident[] }).items;
}

export async function timelineOf(server: RunningServer, incidentId: string): Promise<TimelineEntry[]> {
  const answer = await server.api(`/api/v1/incidents/${incidentId}/timeline?limit=200`);
  return (answer as { items: TimelineEntry[] }).items;
}

/** Posts to a public endpoint as a source does. */
export async function send(server: RunningServer, path: string, key: string, body: unknown): Promise<void> {
  const answer = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
}

/** One alert in, and the incident that it opened out. */
export async function raise(server: RunningServer, key: string, title: string, service: string): Promise<Incident> {
  await send(server, '/webhooks/generic', key, { title, service, severity: 'sev3', dedupKey: `${service} ${title}` });
  return until(async () => (await incidentsOf(server)).find((incident) => incident.services.includes(service)));
}

export async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 200; tries += 1) {
    const found = await ask();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('it did not happen within 10 s');
}

/** Calls a mutation of the tRPC interface as the administrator. */
export async function mutate<T>(server: RunningServer, procedure: string, input: unknown): Promise<T> {
  const answer = (await server.api(`/trpc/${procedure}`, { method: 'POST', body: input })) as { result: { data: T } };
  return answer.result.data;
}

/** Somebody else acts, elsewhere. */
export async function act(server: RunningServer, action: Action): Promise<IntentResult> {
  const intent = { id: uuid(), at: new Date(Date.now()).toISOString(), baseVersion: null, dependsOn: null, action };
  const [result] = await mutate<IntentResult[]>(server, 'intents.submit', { intents: [intent] });
  if (result === undefined) throw new Error('no answer to the intent');
  return result;
}
