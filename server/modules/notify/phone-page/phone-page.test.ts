import { beforeEach, describe, expect, test } from 'vitest';
import { createPageLinks } from '#server/modules/notify/links/links.ts';
import { phonePagePolicy } from '#server/modules/notify/phone-page/phone-page-style.ts';
import { type PhoneScene, phoneScene, phoneToken } from '#server/testkit/phone-page.ts';

let scene: PhoneScene;
beforeEach(async () => {
  scene = await phoneScene();
});

const get = (token = phoneToken) => scene.app.inject({ url: `/p/${token}` });
const form = (fields: Record<string, string>, token = phoneToken) =>
  scene.app.inject({
    method: 'POST',
    url: `/p/${token}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'null' },
    payload: new URLSearchParams(fields).toString(),
  });
const actOf = (html: string) => /name="act" value="([^"]+)"/.exec(html)?.[1] ?? '';
const freshAct = async () => actOf((await get()).body);

describe('the signed page', () => {
  test('shows the one incident, and what can be done about it', async () => {
    const { statusCode, body } = await get();
    expect(statusCode).toBe(200);
    const facts = [
      'INC-4417',
      'Checkout answers with errors in eu-west',
      'Severity 1',
      'Triggered',
      '14 min',
      '03:10 CET',
    ];
    const rest = [
      'One in eight customers cannot pay.',
      'payments',
      'Payments queue grows',
      'Ben Okri (payments-secondary)',
    ];
    for (const text of [...facts, ...rest, 'https://wiki.example.com/checkout', 'Nobody has acknowledged yet'])
      expect(body).toContain(text);
    // The worst alert first, whatever order they came in.
    expect(body.indexOf('5xx to 12%')).toBeLessThan(body.indexOf('p99 above'));
  });

  test('reading changes nothing, however often and however a program follows the link', async () => {
    for (const method of ['GET', 'HEAD', 'OPTIONS'] as const)
      for (const query of ['', '?action=acknowledge', '?act=1&action=acknowledge'])
        await scene.app.inject({ method, url: `/p/${phoneToken}${query}` });
    expect(scene.acts).toEqual([]);
    expect(scene.world.incident.status).toBe('triggered');
  });

  test('acknowledges as the person of the link, and shows the outcome', async () => {
    const { statusCode, body } = await form({ action: 'acknowledge', act: await freshAct() });
    expect(statusCode).toBe(200);
    expect(scene.acts).toMatchObject([
      { action: 'acknowledge', userId: scene.world.user.id, incidentId: scene.world.incident.id, via: 'phone page' },
    ]);
    expect(body).toContain('Paging has stopped');
    expect(body).toContain('Acknowledged by Ada Marsh at');
    expect(body).not.toContain('value="acknowledge"');
  });

  test('the same form sent again is the same delivery; a form loaded anew is another', async () => {
    const act = await freshAct();
    await form({ action: 'escalate', act });
    await form({ action: 'escalate', act });
    await form({ action: 'escalate', act: await freshAct() });
    const [first, again, other] = scene.acts.map(({ deliveryId }) => deliveryId);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  test('a note is kept; one that was refused stands in the field again', async () => {
    const text = 'Rolling back\r\nto 4711';
    await form({ action: 'note', act: await freshAct(), text });
    expect(scene.acts.at(-1)).toMatchObject({ action: 'note', text: 'Rolling back\nto 4711' });
    scene.answer.next = { ok: false, text: 'You may look, not write. Ask a manager.' };
    const { body } = await form({ action: 'note', act: await freshAct(), text: 'dear <b>diary</b>' });
    expect(body).toContain('You may look, not write');
    expect(body).toContain('dear &#60;b&#62;diary&#60;/b&#62;</textarea>');
  });

  test.each([
    ['an empty note', { action: 'note', text: '  ' }, 'The note was empty'],
    ['a very long note', { action: 'note', text: 'x'.repeat(5_001) }, '5001 characters'],
    ['an action that is none', { action: 'resolve' }, 'nothing this page can do'],
    ['no action', {}, 'nothing this page can do'],
  ])('%s is refused with words', async (_name, fields, words) => {
    const { statusCode, body } = await form({ act: await freshAct(), ...fields });
    expect(statusCode).toBe(400);
    expect(body).toContain(words);
    expect(scene.acts).toEqual([]);
  });

  test('a form without its mark is refused, so that a resent one cannot act twice', async () => {
    expect((await form({ action: 'acknowledge' })).statusCode).toBe(400);
    expect((await form({ action: 'acknowledge', act: 'x' })).statusCode).toBe(400);
    expect(scene.acts).toEqual([]);
  });

  test('unknown, expired, of a disabled person, of a hidden or a missing incident: one and the same answer', async () => {
    const unknown = await get('a'.repeat(32));
    expect(unknown.statusCode).toBe(404);
    expect(unknown.body).toContain('What to do now');
    const { user, incident, link } = scene.world;
    const states: Partial<PhoneScene['world']>[] = [
      { link: null },
      { user: { ...user, disabled: true } },
      { incident: { ...incident, restrictedTo: ['00000000-0000-7000-8000-0000000000d1'] } },
      { incident: { ...incident, id: '01900000-0000-7000-8000-0000000000ff' } },
    ];
    const act = await freshAct();
    for (const state of states) {
      Object.assign(scene.world, { user, incident, link }, state);
      for (const answer of [await get(), await form({ action: 'acknowledge', act })]) {
        expect(answer.statusCode).toBe(404);
        expect(answer.body).toBe(unknown.body);
      }
    }
    expect(scene.acts).toEqual([]);
    Object.assign(scene.world, { user: { ...user, teamIds: ['00000000-0000-7000-8000-0000000000d1'] } }, states[2]);
    expect((await get()).statusCode).toBe(200);
  });

  test('text from alerts and people is text', async () => {
    const hostile = '"><img src=x onerror=alert(1)><script>alert(1)</script>\'`';
    const { world } = scene;
    world.incident = { ...world.incident, title: hostile, impact: hostile, services: [hostile] };
    world.alerts = world.alerts.map((alert) => ({
      ...alert,
      title: hostile,
      service: hostile,
      runbookUrl: 'javascript:alert(1)',
    }));
    world.timeline = world.timeline.map((entry) => ({ ...entry, text: hostile, actor: hostile }));
    world.user = { ...world.user, name: hostile };
    scene.answer.next = { ok: false, text: hostile };
    const bodies = [(await get()).body, (await form({ action: 'acknowledge', act: await freshAct() })).body];
    for (const body of bodies) {
      expect(body).not.toMatch(/<img|<script|javascript:/i);
      expect(body).toContain('&#60;img src=x onerror=alert(1)&#62;');
    }
  });

  test('answers are not kept, indexed, framed or told to others, and run nothing', async () => {
    const bad = await scene.app.inject({
      method: 'POST',
      url: `/p/${phoneToken}`,
      headers: { 'content-type': 'application/json' },
      payload: '{}',
    });
    expect(bad.statusCode).toBe(415);
    for (const { headers } of [await get(), await get('x'), bad, await form({})]) {
      expect(headers).toMatchObject({
        'content-security-policy': phonePagePolicy,
        'cache-control': 'no-store',
        'x-robots-tag': 'noindex, nofollow',
        'referrer-policy': 'no-referrer',
        'x-frame-options': 'DENY',
      });
    }
    expect(phonePagePolicy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'/);
    expect(phonePagePolicy).not.toContain('script-src');
  });

  test('a body over 64 KiB is refused', async () => {
    expect((await form({ action: 'note', act: await freshAct(), text: 'x'.repeat(70_000) })).statusCode).toBe(413);
  });

  test('an address that asks too often waits, and others do not', async () => {
    const ask = (remoteAddress: string) => scene.app.inject({ url: '/p/x', remoteAddress });
    for (let i = 0; i < 60; i += 1) expect((await ask('192.0.2.1')).statusCode).toBe(404);
    const refused = await ask('192.0.2.1');
    expect(refused.statusCode).toBe(429);
    expect(refused.headers['retry-after']).toBe('60');
    expect((await ask('192.0.2.2')).statusCode).toBe(404);
    scene.clock.advance(60_000);
    expect((await ask('192.0.2.1')).statusCode).toBe(404);
  });

  test('a resolved incident offers nothing to stop any more', async () => {
    const { world } = scene;
    world.incident = { ...world.incident, status: 'resolved', resolvedAt: '2026-11-21T03:15:00.000Z' };
    const { body } = await get();
    expect(body).toContain('Was open for <strong>1 h 5 min</strong>');
    expect(body).not.toContain('value="acknowledge"');
    expect(body).not.toContain('value="escalate"');
    expect(body).toContain('value="note"');
  });

  test('links need a key', () => {
    const deps = { sql: { query: async () => [] }, publicUrl: () => '', clock: scene.clock };
    expect(() => createPageLinks({ ...deps, keys: [] })).toThrow('key');
  });
});
