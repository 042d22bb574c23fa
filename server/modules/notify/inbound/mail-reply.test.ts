import PostalMime from 'postal-mime';
import { describe, expect, test } from 'vitest';
import { readMailReply } from '#server/modules/notify/inbound/mail-reply.ts';

const token = 'abcdefghijklmnopqrstuvwxyz234567';

async function read(body: string, headers: Record<string, string> = {}) {
  const all: Record<string, string> = {
    From: 'Ada <ada@example.com>',
    To: `pager+${token}@example.com`,
    'Content-Type': 'text/plain; charset=utf-8',
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return readMailReply(await PostalMime.parse(`${lines.join('\r\n')}\r\n\r\n${body}`));
}
async function actsOf(body: string, headers?: Record<string, string>) {
  const reply = await read(body, headers);
  return reply.kind === 'answer' ? reply.acts : reply;
}

describe('what an answer by mail asks for', () => {
  test.each([
    '',
    '   \r\n\r\n',
    'ack',
    'Ack.',
    'ACKNOWLEDGED!',
    'ok',
    'On it',
    'ack\r\n\r\n-- \r\nAda Marsh\r\nescalate',
    '\r\n\r\nOn Sat, 21 Nov 2026 at 02:11, Tocsin <pager@example.com> wrote:\r\n> escalate',
    '\r\n\r\nOn Sat, 21 Nov 2026 at 02:11, Tocsin via a very long list name\r\n <pager@example.com> wrote:\r\n> escalate'.replace(
      '\r\n <',
      ' <',
    ),
    'ack\r\n\r\nAm 21.11.2026 um 02:11 schrieb Tocsin <pager@example.com>:\r\n> escalate',
    'ack\r\n\r\n-----Original Message-----\r\nescalate',
    'ack\r\n________________________________\r\nFrom: Tocsin <pager@example.com>\r\nescalate',
    'ack\r\n\r\nFrom: Tocsin <pager@example.com>\r\nSent: Saturday\r\nescalate',
    'Ack\r\n\r\nSent from my iPhone',
    'Sent from my iPhone\r\n\r\n> On 21 Nov 2026, at 02:11, Tocsin wrote:\r\n> escalate',
  ])('%j acknowledges', async (body) => {
    expect(await actsOf(body)).toEqual([{ action: 'acknowledge' }]);
  });

  test.each(['escalate', 'Escalate!', 'ESC', 'please escalate\r\n\r\n> old'])('%j escalates', async (body) => {
    expect(await actsOf(body)).toEqual([{ action: 'escalate' }]);
  });

  test.each([
    ['Should I ack this?', 'Should I ack this?'],
    ['ok, who is on it?', 'ok, who is on it?'],
    ['ack?', 'ack?'],
    ['do not escalate', 'do not escalate'],
    ['I escalated to Ben.\r\nHe looks.', 'I escalated to Ben.\nHe looks.'],
    ['resolve', 'resolve'],
    ['acknowledging later', 'acknowledging later'],
  ])('%j is a note and nothing more', async (body, text) => {
    expect(await actsOf(body)).toEqual([{ action: 'note', text }]);
  });

  test('"ack" with more behind it is both', async () => {
    expect(await actsOf('Ack, rolling back\r\nto 4711\r\n\r\n> old')).toEqual([
      { action: 'acknowledge' },
      { action: 'note', text: 'rolling back\nto 4711' },
    ]);
  });

  test('a mail that is only HTML is read too', async () => {
    const html =
      '<html><head><style>p{}</style></head><body><div>Ack &amp; rolling back</div><br><blockquote type="cite"><p>escalate</p></blockquote></body></html>';
    expect(await actsOf(html, { 'Content-Type': 'text/html; charset=utf-8' })).toEqual([
      { action: 'acknowledge' },
      { action: 'note', text: '& rolling back' },
    ]);
  });

  test('a long note is cut, and hostile bodies take no time', async () => {
    const [note] = (await actsOf('x'.repeat(20_000))) as { text: string }[];
    expect(note?.text).toHaveLength(5_000);
    // Processor time: the machine does other things beside it.
    const before = process.threadCpuUsage();
    for (const part of ['<', '<a href="', '<blockquote', '> ', 'On a ', '\r\n', '&#', '/p/a', '<style>'])
      for (const type of ['text/plain', 'text/html']) await read(part.repeat(20_000), { 'Content-Type': type });
    const { user, system } = process.threadCpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(3_000);
  });
});

describe('which page an answer names', () => {
  const link = `https://t.example.com/p/${token}`;
  test.each([
    ['its address', '', {}],
    ['its address in capitals', '', { To: `PAGER+${token.toUpperCase()}@EXAMPLE.COM` }],
    ['where it was delivered to', '', { To: 'pager@example.com', 'Delivered-To': `pager+${token}@example.com` }],
    ['its copy', '', { To: 'x@example.com', Cc: `"P" <pager+${token}@example.com>` }],
    ['the link it quotes', `ack\r\n> ${link}`, { To: 'pager@example.com' }],
    ['the link in HTML', `<a href="${link}">x</a>`, { To: 'pager@example.com', 'Content-Type': 'text/html' }],
    ['its subject', 'ack', { To: 'pager@example.com', Subject: `Re: ${link}` }],
  ])('is known by %s', async (_name, body, headers) => {
    expect(await read(body, headers)).toMatchObject({ kind: 'answer', from: 'ada@example.com', tokens: [token] });
  });

  test('none without a token, and not many are tried', async () => {
    expect(await read('ack', { To: 'pager@example.com' })).toMatchObject({ kind: 'ignore', why: 'it names no page' });
    expect(await read('ack', { To: 'pager+short@example.com' })).toMatchObject({ kind: 'ignore' });
    const many = Array.from(
      { length: 50 },
      (_, i) => `/p/${token.slice(0, 30)}${String.fromCharCode(97 + (i % 26))}${i < 26 ? 'a' : 'b'}`,
    );
    const reply = await read(many.join('\n'), { To: 'pager@example.com' });
    expect(reply.kind === 'answer' && reply.tokens.length).toBe(5);
  });
});
