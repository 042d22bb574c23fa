// A status page that keeps its incidents and their posts, as far as our side of it can tell.
import { fakeProvider, type ProviderCall } from '#server/testkit/fake-provider.ts';

interface PageIncident extends Record<string, unknown> {
  id: string;
  name: string;
  status: string;
  /** Every text that was posted, in order. */
  posts: string[];
}

export async function fakeStatuspage(refuse?: (call: ProviderCall, index: number) => number | null) {
  const incidents: PageIncident[] = [];
  const provider = await fakeProvider((call, index) => {
    const status = refuse?.(call, index) ?? null;
    if (status !== null) return { status, body: { error: 'not now' } };
    const id = /\/incidents\/([a-z0-9]+)$/.exec(call.path)?.[1] ?? null;
    if (call.method === 'GET' && id === 'unresolved') {
      return { body: incidents.filter((incident) => incident.status !== 'resolved') };
    }
    if (call.method === 'GET' && call.path.endsWith('/incidents?limit=100')) return { body: incidents.toReversed() };
    const known = incidents.find((incident) => incident.id === id);
    const given = (call.json as { incident?: Record<string, unknown> } | null)?.incident;
    if (given === undefined) return id === null ? { body: { id: 'page' } } : known ? { body: known } : { status: 404 };
    const { body, ...state } = given;
    const posted = typeof body === 'string' ? [body] : [];
    if (call.method === 'POST') {
      const made = { id: `i${incidents.length + 1}`, name: '', status: '', ...state, posts: posted };
      incidents.push(made);
      return { status: 201, body: made };
    }
    if (known === undefined) return { status: 404, body: { error: 'Not found' } };
    Object.assign(known, state);
    known.posts.push(...posted);
    return { body: known };
  });
  return { ...provider, incidents };
}
