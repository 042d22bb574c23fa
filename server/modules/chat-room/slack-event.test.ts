import { describe, expect, it } from 'vitest';
import { chatTextMax } from '#server/contract/chat.ts';
import { readSlackEvent, slackText } from '#server/modules/chat-room/slack-event.ts';
import { hostileText } from '#server/testkit/fake-provider.ts';

const message = { type: 'message', channel: 'CROOM', user: 'UKIM', text: 'hi', ts: '1700000000.000100' };
const read = (change: object = {}) => readSlackEvent({ ...message, ...change }, 'AOURS');

describe('what somebody wrote in Slack', () => {
  it('is read with its time, thread, files and mentions', () => {
    const threaded = { thread_ts: '1699999999.000001', files: [{ name: 'a [b].png' }], text: '<@UMARA> <@UMARA|m> hi' };
    expect(read(threaded)).toMatchObject({
      kind: 'message',
      room: 'CROOM',
      message: {
        at: '2023-11-14T22:13:20.000Z',
        thread: '1699999999.000001',
        slackUser: 'UKIM',
        files: ['a [b].png'],
        mentioned: ['UMARA'],
        editedAt: null,
      },
    });
    // The message that began a thread names itself.
    expect(read({ thread_ts: message.ts })).toMatchObject({ message: { thread: null } });
  });

  it('is read from an edit and from a deletion', () => {
    const edited = { ...message, text: 'ho', edited: { user: 'UKIM', ts: '1700000009.000000' } };
    expect(read({ subtype: 'message_changed', user: undefined, message: edited })).toMatchObject({
      kind: 'message',
      message: { text: 'ho', editedAt: '2023-11-14T22:13:29.000Z' },
    });
    expect(read({ subtype: 'message_deleted', deleted_ts: message.ts })).toEqual({
      kind: 'delete',
      room: 'CROOM',
      ts: message.ts,
    });
  });

  it.each([
    ['a program', { bot_id: 'B1' }],
    ['this app', { app_id: 'AOURS' }],
    ['an edit of what a program wrote', { subtype: 'message_changed', message: { ...message, bot_id: 'B1' } }],
    ['somebody who joined', { subtype: 'channel_join' }],
    ['a topic', { subtype: 'channel_topic' }],
    ['nobody', { user: undefined }],
    ['another kind of event', { type: 'reaction_added' }],
    ['a name for a channel', { channel: '#room' }],
    ['a time that is none', { ts: "1'" }],
    ['a deletion of nothing', { subtype: 'message_deleted', deleted_ts: {} }],
  ])('is not %s', (_what, change) => {
    expect(read(change)).toBeNull();
  });

  it('is nothing for nonsense', () => {
    for (const nonsense of [null, undefined, 1, 'x', [], {}]) expect(readSlackEvent(nonsense, null)).toBeNull();
  });
});

describe('the words of it', () => {
  const text = (given: string, files: string[] = []) =>
    slackText({ text: given, files }, (id) => (id === 'UMARA' ? 'Mara Lindqvist' : null));

  it.each([
    ['a &lt;b&gt; &amp;amp;', 'a <b> &amp;'],
    ['<@UMARA> and <@UNOBODY|kim> and <@UELSE>', '@Mara Lindqvist and @kim and @UELSE'],
    ['see <#C1|ops>, <!here>, <!subteam^S1|@dba>', 'see #ops, @here, @dba'],
    [
      '<https://a.example> <https://a.example|the graph> <mailto:a@b|a@b>',
      'https://a.example the graph (https://a.example) a@b (mailto:a@b)',
    ],
    ['  ', ''],
  ])('%s', (given, wanted) => {
    expect(text(given)).toBe(wanted);
  });

  it('name the files, which stay in Slack', () => {
    expect(text('look', ['graph.png'])).toBe('look\n[file in Slack: graph.png]');
    expect(text('', ['graph.png'])).toBe('[file in Slack: graph.png]');
  });

  it('are cut to what a message takes, and storable whatever they are', () => {
    const long = text('x'.repeat(50_000));
    expect(long).toHaveLength(chatTextMax);
    expect(long.endsWith('(the rest is in Slack)')).toBe(true);
    expect(text(hostileText)).not.toContain('\0');
    expect(text(`${'x'.repeat(chatTextMax)}\u{1F600}`)).not.toMatch(/\p{Surrogate}/u);
  });
});
