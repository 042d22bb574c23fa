// /p/TOKEN: one incident for one person, without the app and without signing in. Its link is the authority (links.ts), so
// there is nothing a foreign page could borrow; and reading changes nothing, because programs that look through mails
// follow links too.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { addressKey, type RateLimit } from '#server/api/rate-limit.ts';
import type { Alert } from '#server/contract/alert.ts';
import type { Incident, TimelineEntry } from '#server/contract/incident.ts';
import type { User } from '#server/contract/people.ts';
import { severityRank } from '#server/contract/severity.ts';
import type { ActFromOutside, OutsideAct } from '#server/modules/notify/inbound/acting.ts';
import { formBodyMax, formOf, takeForms } from '#server/modules/notify/inbound/form-body.ts';
import type { PageLink, PageLinks } from '#server/modules/notify/links/links.ts';
import {
  type PhoneView,
  renderGone,
  renderIncident,
  renderProblem,
} from '#server/modules/notify/phone-page/phone-page-html.ts';
import { phonePagePolicy } from '#server/modules/notify/phone-page/phone-page-style.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';
import type { Random } from '#server/ports/random.ts';

interface Reader {
  teamIds: readonly string[];
}

export interface PhonePageDeps {
  links: Pick<PageLinks, 'open' | 'markUsed'>;
  act: ActFromOutside;
  user(id: string): Promise<User | null>;
  timeZone(userId: string): Promise<string | null>;
  names(ids: string[]): Promise<Map<string, string>>;
  /** Null when there is none, or when it is not the reader's to see. */
  incident(reader: Reader, id: string): Promise<Incident | null>;
  alerts(reader: Reader, incidentId: string, limit: number): Promise<Alert[]>;
  /** Its newest entries, oldest first. */
  timeline(reader: Reader, incidentId: string, limit: number): Promise<TimelineEntry[]>;
  /** Whom escalating would page now, in words: "Ben Okri (payments-secondary)"; null when that is not known. */
  escalatesTo(incidentId: string): Promise<string | null>;
  /** Requests an address may make. */
  limit: RateLimit;
  clock: Pick<Clock, 'now'>;
  random: Pick<Random, 'uuid'>;
  logger: Logger;
}

/** Adds the page in a scope of its own, outside the guard of origins: forms of a page without referrer say `Origin: null`. */
export async function registerPhonePage(app: FastifyInstance, deps: PhonePageDeps): Promise<void> {
  await app.register(async (scope) => {
    takeForms(scope);
    scope.addHook('onRequest', async (request, reply) => {
      setHeaders(reply);
      const wait = deps.limit.take(addressKey(request.ip));
      if (wait > 0) {
        const text = `Too many requests came from your address. Try again in ${wait} s.`;
        return reply.code(429).header('retry-after', String(wait)).send(renderProblem('One moment', text));
      }
      return undefined;
    });
    scope.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
      const status = error.statusCode ?? 500;
      if (status >= 500) deps.logger.error('the phone page failed', { traceId: request.id, error });
      setHeaders(reply);
      return reply.code(status).send(status >= 500 ? broken : unreadable);
    });
    scope.get<{ Params: { token: string } }>('/p/:token', async (request, reply) => {
      const opened = await open(deps, request.params.token);
      return opened === null ? reply.code(404).send(renderGone()) : reply.send(await page(deps, opened, null, ''));
    });
    scope.post<{ Params: { token: string } }>('/p/:token', { bodyLimit: formBodyMax }, (request, reply) =>
      take(deps, request, reply),
    );
  });
}

const alertsRead = 200;
const timelineShown = 6;
const noteMax = 5_000;
const broken = renderProblem(
  'That did not work',
  'The server could not do it, and has written down why. Load the page again; if it stays so, open Tocsin or call.',
);
const unreadable = renderProblem('That did not work', 'The form could not be read. Load the page again and repeat it.');

interface Opened {
  link: PageLink;
  user: User;
  incident: Incident;
}

/** Null whatever is wrong: the link, the person's account, or that the incident is not theirs to see any more. */
async function open(deps: PhonePageDeps, token: string): Promise<Opened | null> {
  const link = await deps.links.open(token);
  const user = link === null ? null : await deps.user(link.userId);
  if (link === null || user === null || user.disabled) return null;
  const incident = await deps.incident(user, link.incidentId);
  return incident === null ? null : { link, user, incident };
}

async function take(
  deps: PhonePageDeps,
  request: FastifyRequest<{ Params: { token: string } }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const opened = await open(deps, request.params.token);
  if (opened === null) return reply.code(404).send(renderGone());
  const form = formOf(request.body);
  const wanted = actionOf(form);
  if (typeof wanted === 'string') {
    const said = { ok: false, text: wanted };
    return reply.code(400).send(await page(deps, opened, said, form.get('text') ?? ''));
  }
  const { act, ...action } = wanted;
  const { link, user } = opened;
  const said = await deps.act({
    ...action,
    userId: user.id,
    incidentId: link.incidentId,
    via: 'phone page',
    deliveryId: `phone-page:${link.id}:${act}`,
  });
  if (said.ok) await deps.links.markUsed(link.id);
  // Read again: the page shows what became of it. It may even be out of the person's sight by now.
  const after = await open(deps, request.params.token);
  if (after === null) return reply.code(404).send(renderGone());
  return reply.send(await page(deps, after, said, said.ok ? '' : (wanted.text ?? '')));
}

/** What the form asks for, or what is wrong with it. */
function actionOf(form: URLSearchParams): (Pick<OutsideAct, 'action' | 'text'> & { act: string }) | string {
  const act = form.get('act') ?? '';
  if (!/^[0-9a-f-]{36}$/.test(act)) return 'The form was not complete. Press the button once more.';
  const action = form.get('action');
  if (action === 'acknowledge' || action === 'escalate') return { action, act };
  if (action !== 'note') return 'That is nothing this page can do. Press one of its buttons.';
  const text = (form.get('text') ?? '').replace(/\r\n?/g, '\n').trim();
  if (text === '') return 'The note was empty. Write something, then add it.';
  if (text.length > noteMax) return `The note has ${text.length} characters; ${noteMax} are taken. Shorten it.`;
  return { action, text, act };
}

async function page(deps: PhonePageDeps, opened: Opened, said: PhoneView['said'], note: string): Promise<string> {
  const { link, user, incident } = opened;
  const commanderId = incident.roles.find(({ role }) => role === 'commander')?.userId ?? null;
  const ids = [incident.acknowledgedBy, commanderId].filter((id) => id !== null);
  const [alerts, timeline, names, timeZone, escalatesTo] = await Promise.all([
    deps.alerts(user, incident.id, alertsRead),
    deps.timeline(user, incident.id, timelineShown),
    ids.length === 0 ? new Map<string, string>() : deps.names(ids),
    deps.timeZone(user.id),
    deps.escalatesTo(incident.id),
  ]);
  return renderIncident({
    person: { id: user.id, name: user.name, timeZone: timeZone ?? 'UTC' },
    incident,
    alerts: alerts.toSorted(byUrgency),
    timeline: timeline.toReversed(),
    acknowledgedBy: incident.acknowledgedBy === null ? null : (names.get(incident.acknowledgedBy) ?? null),
    commander: commanderId === null ? null : (names.get(commanderId) ?? null),
    escalatesTo,
    expiresAt: link.expiresAt,
    now: deps.clock.now(),
    act: deps.random.uuid(),
    said,
    note,
  });
}

function byUrgency(a: Alert, b: Alert): number {
  if (a.status !== b.status) return a.status === 'firing' ? -1 : 1;
  return severityRank(a.severity) - severityRank(b.severity) || (a.lastSeenAt < b.lastSeenAt ? 1 : -1);
}

function setHeaders(reply: FastifyReply): void {
  void reply.type('text/html; charset=utf-8').headers({
    'content-security-policy': phonePagePolicy,
    'cache-control': 'no-store',
    'x-robots-tag': 'noindex, nofollow',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
  });
}
