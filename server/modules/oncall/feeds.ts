// Calendar feeds: addresses that need no sign-in, each of one person's shifts or of one schedule.
import { hash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { AppError } from '#server/api/app-error.ts';
import type { SqlReader, Transactor } from '#server/database/transaction.ts';
import type { ConfigReader } from '#server/modules/config/state.ts';
import { factsBetween, peopleOf } from '#server/modules/oncall/facts.ts';
import { type Feed, feedStore } from '#server/modules/oncall/feed-store.ts';
import { type FeedShift, writeCalendar } from '#server/modules/oncall/ical-out.ts';
import { type JudgedWorld, planIn } from '#server/modules/oncall/judge.ts';
import { dayMs, instantText } from '#server/modules/oncall/local-days.ts';
import type { Calendars } from '#server/modules/oncall/state.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Random } from '#server/ports/random.ts';

const backMs = 14 * dayMs;
const aheadMs = 90 * dayMs;
/** A shift is told from where it begins, so that it does not change from day to day. */
const marginMs = 70 * dayMs;
const feedsMax = 20;
const keptMs = 60_000;
const keptMax = 500;

export interface Feeds {
  /** A new address; it is told this once. `renew` ends the earlier ones of the same person and schedule. */
  create(userId: string, scheduleId: string | null, renew: boolean): Promise<{ url: string }>;
  list(userId: string): Promise<Feed[]>;
  revoke(userId: string, id: string): Promise<void>;
  /** The calendar as text; null when the token opens nothing. */
  read(token: string): Promise<string | null>;
}

export function createFeeds(deps: {
  database: SqlReader & Transactor;
  reader: ConfigReader;
  readPeople(sql: SqlReader): Promise<Pick<JudgedWorld, 'users'>>;
  calendars: Calendars;
  /** Without a slash at the end. */
  baseUrl(): string;
  clock: Clock;
  random: Pick<Random, 'bytes'>;
}): Feeds {
  const { database, reader, readPeople, calendars, baseUrl, clock, random } = deps;
  const now = () => instantText(clock.now());
  // Calendar programs come often, many at once.
  const kept = new Map<string, { revision: number; until: number; text: string }>();

  async function write(feed: Feed): Promise<string | null> {
    const config = await reader.current(database);
    const { users } = await readPeople(database);
    if (users.get(feed.userId)?.disabled !== false) return null;
    const known = kept.get(feed.id);
    if (known !== undefined && known.revision === config.revision && known.until > clock.monotonic()) return known.text;
    const world = { config, calendars, users };
    const schedules = config
      .list('schedule')
      .items.filter(({ id }) => feed.scheduleId === null || id === feed.scheduleId);
    if (feed.scheduleId !== null && schedules.length === 0) return null;
    const at = now();
    const [from, to] = [clock.now() - backMs, clock.now() + aheadMs];
    const shifts: FeedShift[] = [];
    for (const schedule of schedules) {
      if (feed.scheduleId === null) {
        const facts = factsBetween(world, schedule, instantText(from), instantText(to));
        if (!peopleOf(schedule, facts).includes(feed.userId)) continue;
      }
      const start = Math.floor((from - marginMs) / dayMs) * dayMs;
      const plan = planIn(world, schedule, start, Math.ceil(to / dayMs) * dayMs);
      for (const shift of plan.shifts) {
        if (shift.endsAt <= instantText(from)) continue;
        if (feed.scheduleId === null && shift.userId !== feed.userId) continue;
        const userName = users.get(shift.userId)?.name ?? 'somebody unknown';
        shifts.push({ ...shift, scheduleId: schedule.id, scheduleName: schedule.draft.name, userName });
      }
    }
    const own = `On call: ${users.get(feed.userId)?.name ?? ''}`;
    const text = writeCalendar(feed.scheduleId === null ? own : (schedules[0]?.draft.name ?? ''), shifts, at);
    if (kept.size >= keptMax) kept.clear();
    kept.set(feed.id, { revision: config.revision, until: clock.monotonic() + keptMs, text });
    return text;
  }

  return {
    async create(userId, scheduleId, renew) {
      const config = await reader.current(database);
      if (scheduleId !== null && config.get('schedule', scheduleId) === null)
        throw new AppError('not-found', 'There is no such schedule (any more).');
      const token = Buffer.from(random.bytes(32)).toString('base64url');
      await database.withTransaction(async (tx) => {
        if (renew) await feedStore.remove(tx, userId, { scheduleId });
        await feedStore.add(tx, { tokenHash: tokenHash(token), scheduleId, userId, at: now() });
      });
      const all = await feedStore.of(database, userId);
      if (all.length > feedsMax) {
        const id = tokenHash(token).toString('hex');
        await database.withTransaction((tx) => feedStore.remove(tx, userId, { id }));
        throw new AppError(
          'conflict',
          `You have ${feedsMax} feed addresses already. Make a new one in place of the old.`,
        );
      }
      return { url: `${baseUrl()}/calendars/${token}.ics` };
    },

    list: (userId) => feedStore.of(database, userId),

    async revoke(userId, id) {
      kept.delete(id);
      const removed = await database.withTransaction((tx) => feedStore.remove(tx, userId, { id }));
      if (removed === 0) throw new AppError('not-found', 'There is no such feed address of yours (any more).');
    },

    async read(token) {
      const feed = await feedStore.byToken(database, tokenHash(token));
      if (feed === null) return null;
      const text = await write(feed);
      if (text !== null) await database.withTransaction((tx) => feedStore.touch(tx, feed.id, now()));
      return text;
    },
  };
}

/** `GET /calendars/{token}.ics`: what calendar programs fetch. The token is all they have, and it opens only this. */
export function registerCalendarRoutes(
  app: FastifyInstance,
  deps: {
    feeds: Pick<Feeds, 'read'>;
    /** Counts a try from this address; answers the seconds to wait, or 0. */
    take(ip: string): number;
  },
): void {
  app.get<{ Params: { file: string } }>('/calendars/:file', async (request, reply) => {
    const wait = deps.take(request.ip);
    if (wait > 0)
      throw new AppError('rate-limited', `Too many calls. Try again in ${wait} s.`, { retryAfterSeconds: wait });
    const [, token] = /^([A-Za-z0-9_-]{43})\.ics$/.exec(request.params.file) ?? [];
    const text = token === undefined ? null : await deps.feeds.read(token);
    if (text === null)
      throw new AppError('not-found', 'There is no calendar at this address (any more). Make a new one under On-call.');
    const etag = `"${hash('sha256', text.replace(/^DTSTAMP:.*$/gm, '')).slice(0, 32)}"`;
    void reply.header('cache-control', 'private, max-age=60').header('etag', etag);
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    return reply.type('text/calendar; charset=utf-8').header('x-content-type-options', 'nosniff').send(text);
  });
}

function tokenHash(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}
