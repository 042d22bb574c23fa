import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '#server/contract/chat.ts';
import { inOrder, linesOf, markOf, unread } from './chat-lines.ts';
import { candidates, mentionsIn, pieces, queryAt, withMention } from './mention.ts';
import { mentionNotices } from './mention-notices.ts';
import { MessageText } from './message-text.tsx';

const people = ['Mara Lindqvist', 'Mara', 'Diego Santos', 'Lucía Ferrer'].map((name) => ({ id: name, name }));

function message(n: number, change: Partial<ChatMessage> = {}): ChatMessage {
  const at = `2026-11-21T14:00:${String(n).padStart(2, '0')}.000Z`;
  return {
    id: `m${n}`,
    version: 1,
    incidentId: 'i',
    at,
    recordedAt: at,
    source: 'person',
    authorId: 'mara',
    author: 'Mara',
    text: `text ${n}`,
    mentions: [],
    replyTo: null,
    editedAt: null,
    deletedAt: null,
    entryId: null,
    taskId: null,
    mirror: 'none',
    ...change,
  };
}

describe('a mention', () => {
  it.each([
    ['hi @ma', 6, { from: 3, text: 'ma' }],
    ['@', 1, { from: 0, text: '' }],
    ['(@Mara Li', 9, { from: 1, text: 'Mara Li' }],
    ['a@b', 3, null],
    ['@Mara Lind and', 14, null],
    ['hi @ma later', 6, { from: 3, text: 'ma' }],
  ])('is looked for in %j at %i', (text, caret, wanted) => {
    expect(queryAt(text, caret)).toEqual(wanted);
  });

  it('is found by any word of the name, whatever its accents, the beginning first', () => {
    const names = (query: string) => candidates(people, query).map(({ name }) => name);
    expect(names('mara')).toEqual(['Mara', 'Mara Lindqvist']);
    expect(names('lu')).toEqual(['Lucía Ferrer']);
    expect(names('l')).toEqual(['Lucía Ferrer', 'Mara Lindqvist']);
    expect(names('x')).toEqual([]);
    expect(candidates(people, '', 2)).toHaveLength(2);
  });

  it('replaces what was typed, and leaves one space behind it', () => {
    expect(withMention('hi @di there', { from: 3, text: 'di' }, { name: 'Diego Santos' })).toEqual({
      text: 'hi @Diego Santos there',
      caret: 17,
    });
  });

  it('is the longest name that stands there whole', () => {
    expect(mentionsIn('@Mara Lindqvist, @Diego Santos!', people)).toEqual(['Mara Lindqvist', 'Diego Santos']);
    expect(mentionsIn('@Mara Lindqvisten @Maras a@Mara', people)).toEqual(['Mara']);
    expect(pieces('to @Mara now', people).map(({ text }) => text)).toEqual(['to ', '@Mara', ' now']);
  });
});

describe('the words of a message', () => {
  const drawn = (text: string) => renderToStaticMarkup(<MessageText text={text} people={people} />);

  it('are emphasised, quoted, listed and linked', () => {
    expect(drawn('**b** _i_ `c`\n> q\n\n- one')).toMatch(
      /<strong>b<\/strong> <em>i<\/em> <code>c<\/code>[^]*<blockquote>[^]*<li>one<\/li>/,
    );
    expect(drawn('see https://a.example/x?y=1, ok')).toContain('<a href="https://a.example/x?y=1"');
    expect(drawn('(https://a.example/x)')).toContain('>https://a.example/x</a>)');
    expect(drawn('`https://a.example`')).not.toContain('<a ');
    expect(drawn('ask @Mara Lindqvist')).toContain('<mark>@Mara Lindqvist</mark>');
    expect(drawn('# Big\n\n***')).toBe('<div class="chat-text"><p><strong>Big</strong></p>\n<p>---</p></div>');
  });

  it.each([
    ['![p](https://evil.example/pixel.png)', '<a href="https://evil.example/pixel.png"'],
    ['![p][r]\n\n[r]: https://evil.example/x.png', 'p'],
    ['<img src=x onerror=alert(1)>', '&lt;img src=x onerror=alert(1)&gt;'],
    ['a <script>alert(1)</script> b', '&lt;script&gt;'],
    ['<iframe src="https://evil.example"></iframe>', '&lt;iframe'],
    ['[x](javascript:alert(1))', '<span>x</span>'],
    ['[x](data:text/html,<script>1</script>)', 'x'],
    ['<javascript:alert(1)>', 'javascript:alert(1)'],
    ['<style>*{display:none}</style>', '&lt;style&gt;'],
    ['@Mara<svg/onload=alert(1)>', '<mark>@Mara</mark>'],
  ])('fetch and run nothing: %s', (text, wanted) => {
    const html = drawn(text);
    expect(html).toContain(wanted);
    expect(html).not.toMatch(/<(img|script|iframe|style|svg|object|input)|href="(javascript|data)|\son\w+="/i);
  });

  it('stay words however deep and long the markup is', () => {
    expect(drawn('>'.repeat(200) + '*'.repeat(500) + '['.repeat(500))).toContain('chat-text');
  });
});

describe('the lines of a room', () => {
  const day = (at: string) => at.slice(0, 10);

  it('are in the order of saying, whoever sent them first', () => {
    expect([message(2), message(1, { recordedAt: '2027' })].sort(inOrder).map(({ id }) => id)).toEqual(['m1', 'm2']);
  });

  it('name the author once for what is said in one go', () => {
    const lines = linesOf(
      [
        message(1),
        message(2),
        message(3, { author: 'Kim', authorId: null, source: 'slack' }),
        message(4),
        message(5, { replyTo: 'm1' }),
        message(6, { at: '2026-11-21T14:09:00.000Z' }),
        message(7, { at: '2026-11-22T14:00:00.000Z' }),
      ],
      'm2',
      day,
    );
    expect(lines.map(({ head }) => head)).toEqual([true, true, true, true, true, true, true]);
    expect(linesOf([message(1), message(2)], null, day).map(({ head }) => head)).toEqual([true, false]);
    expect(lines.map((line) => line.day)).toEqual(['2026-11-21', null, null, null, null, null, '2026-11-22']);
    expect(linesOf([message(1), message(2)], null, day).map((line) => line.day)).toEqual([null, null]);
    expect(lines.filter((line) => line.firstNew).map((line) => line.message.id)).toEqual(['m2']);
  });

  it('are new when others wrote them after the mark', () => {
    const list = [message(1), message(2), message(3, { authorId: 'me' }), message(4, { deletedAt: 'x' })];
    expect(unread(list, markOf(message(1)), 'me').map(({ id }) => id)).toEqual(['m2']);
    expect(unread(list, null, 'me')).toEqual([]);
  });
});

describe('a mention of me', () => {
  const notices = (fresh: ChatMessage[]) =>
    mentionNotices(
      fresh,
      { id: 'me' },
      (id) => (id === 'i' ? { title: 'Checkout fails' } : undefined),
      (id) => `/incidents/${id}`,
    );

  it('is a quiet notice, one an incident, the newest', () => {
    const fresh = [1, 3, 2].map((n) => message(n, { mentions: ['me'], text: `look   ${n} ${'x'.repeat(200)}` }));
    expect(notices(fresh)).toEqual([
      {
        id: 'mention i',
        title: 'Mara mentioned you: Checkout fails',
        body: `look 3 ${'x'.repeat(132)}…`,
        tier: 'direct',
        path: '/incidents/i',
      },
    ]);
  });

  it('is none by myself, in what was deleted, or where I cannot go', () => {
    const mine = { mentions: ['me'] };
    expect(
      notices([
        message(1),
        message(2, { ...mine, authorId: 'me' }),
        message(3, { ...mine, deletedAt: 'x' }),
        message(4, { ...mine, incidentId: 'j' }),
      ]),
    ).toEqual([]);
  });
});
