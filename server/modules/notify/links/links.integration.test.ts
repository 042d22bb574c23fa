import { beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '#server/database/pool.ts';
import { tokenOfLink } from '#server/modules/notify/links/link-token.ts';
import { createPageLinks, type PageLinks } from '#server/modules/notify/links/links.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { testDatabase } from '#server/testkit/postgres.ts';
import { createSeededRandom } from '#server/testkit/random.ts';

const start = Date.parse('2026-11-21T02:00:00.000Z');
const clock = createFakeClock(start);
const random = createSeededRandom(7, clock);
const hour = 60 * 60_000;
const keyA = random.bytes(32);
const keyB = random.bytes(32);

describe('signed links', () => {
  let database: Database;
  let links: PageLinks;
  const made = (keys: Uint8Array[]) =>
    createPageLinks({ keys, sql: database, publicUrl: () => 'https://t.example.com', clock });
  const someone = () => ({ incidentId: random.uuid(), userId: random.uuid(), pageId: random.uuid() });
  const linkFor = (of: ReturnType<typeof someone>, by = links) => database.withTransaction((tx) => by.linkFor(tx, of));
  const tokenFor = async (of: ReturnType<typeof someone>, by = links) => tokenOfLink(await linkFor(of, by)) ?? '';

  beforeAll(async () => {
    database = await testDatabase();
    links = made([keyA]);
  });

  test('a link is short, opens its one incident for its one person, and the database does not hold it', async () => {
    const of = someone();
    const link = await linkFor(of);
    expect(new URL(link).pathname.length).toBeLessThanOrEqual(40);
    const token = tokenOfLink(link) ?? '';
    expect(await links.open(token)).toMatchObject(of);
    const rows = await database.query('SELECT page_link::text AS text FROM page_link');
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  test('the same page has the same link, which then lives on; another person has another', async () => {
    const of = someone();
    const first = await linkFor(of);
    clock.advance(20 * hour);
    expect(await linkFor(of)).toBe(first);
    clock.advance(20 * hour);
    expect(await links.open(tokenOfLink(first) ?? '')).toMatchObject(of);
    expect(await linkFor({ ...of, userId: random.uuid() })).not.toBe(first);
  });

  test('it ends after 24 hours', async () => {
    const token = await tokenFor(someone());
    clock.advance(24 * hour - 1);
    expect(await links.open(token)).not.toBeNull();
    clock.advance(1);
    expect(await links.open(token)).toBeNull();
  });

  test.each(['', 'x', 'a'.repeat(32), '../../etc/passwd', "' OR 1=1 --", 'a'.repeat(10_000), '\0'.repeat(32)])(
    'an unknown token opens nothing: %#',
    async (token) => {
      expect(await links.open(token)).toBeNull();
    },
  );

  test('who can write to the database cannot turn a link to another incident or person, nor make one', async () => {
    for (const column of ['incident_id', 'user_id', 'page_id']) {
      const token = await tokenFor(someone());
      const opened = await links.open(token);
      await database.query(`UPDATE page_link SET ${column} = $2 WHERE id = $1`, [opened?.id, random.uuid()]);
      expect(await links.open(token)).toBeNull();
    }
    expect(await made([keyB]).open(await tokenFor(someone()))).toBeNull();
  });

  test('after a change of key old links open, and new ones are signed with the new key', async () => {
    const of = someone();
    const old = await tokenFor(of);
    const both = made([keyB, keyA]);
    const next = await tokenFor(of, both);
    expect(next).not.toBe(old);
    expect(await both.open(old)).toMatchObject(of);
    expect(await made([keyB]).open(next)).toMatchObject(of);
    expect(await made([keyB]).open(old)).toBeNull();
  });
});
