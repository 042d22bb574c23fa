// A Slack workspace over HTTP, as small as rooms need it: posts, edits, deletions, threads, and the events that each of
// them sends to an app that listens.
import type { SlackEvent } from '#server/modules/notify/inbound/slack.ts';
import { fakeProvider } from '#server/testkit/fake-provider.ts';

export interface FakeSlackMessage {
  channel: string;
  ts: string;
  thread_ts?: string;
  user?: string;
  bot_id?: string;
  app_id?: string;
  text: string;
  edited?: { ts: string };
  metadata?: { event_type: string; event_payload: { message_id: string } };
}

export type SlackFault =
  /** Slack does it, and its answer is lost. */
  | 'answer lost'
  /** Slack says no in this word. */
  | { error: string };

const appId = 'ATOCSIN';

export async function fakeSlack(nowMs: () => number) {
  const messages: FakeSlackMessage[] = [];
  const events: SlackEvent[] = [];
  const faults: { method: string; fault: SlackFault }[] = [];
  const names = new Map<string, string>();
  let count = 0;

  /** Seconds with six places; the last three tell apart what happens in one millisecond. */
  function stamp(): string {
    count += 1;
    const ms = Math.floor(nowMs());
    const places = String(ms % 1_000).padStart(3, '0') + String(count % 1_000).padStart(3, '0');
    return `${Math.floor(ms / 1_000)}.${places}`;
  }
  const find = (channel: unknown, ts: unknown) => messages.find((one) => one.channel === channel && one.ts === ts);
  function tell(event: Record<string, unknown>): SlackEvent {
    const told = { id: `Ev${events.length + 1}`, appId, event: { type: 'message', ...event } };
    events.push(told);
    return told;
  }

  function act(method: string, args: Record<string, unknown>): Record<string, unknown> {
    const { channel, ts } = args as { channel: string; ts?: string };
    switch (method) {
      case 'chat.postMessage': {
        const { text, thread_ts, metadata } = args as unknown as FakeSlackMessage;
        const own = { bot_id: 'BTOCSIN', app_id: appId, user: 'UBOT' };
        const made = { channel, ts: stamp(), text, ...own, ...(thread_ts === undefined ? {} : { thread_ts }) };
        messages.push(metadata === undefined ? made : { ...made, metadata });
        tell(made);
        return { ok: true, channel, ts: made.ts };
      }
      case 'chat.update': {
        const message = find(channel, ts);
        if (message === undefined) return { ok: false, error: 'message_not_found' };
        message.text = args['text'] as string;
        tell({ subtype: 'message_changed', channel, message: { ...message } });
        return { ok: true, channel, ts };
      }
      case 'chat.delete': {
        const message = find(channel, ts);
        if (message === undefined) return { ok: false, error: 'message_not_found' };
        messages.splice(messages.indexOf(message), 1);
        tell({ subtype: 'message_deleted', channel, deleted_ts: ts });
        return { ok: true };
      }
      case 'conversations.history':
        return { ok: true, messages: messages.filter((one) => one.channel === channel && one.thread_ts === undefined) };
      case 'conversations.replies':
        return { ok: true, messages: messages.filter((one) => one.channel === channel && one.thread_ts === ts) };
      case 'conversations.create':
        return { ok: true, channel: { id: 'CROOM' } };
      case 'conversations.setTopic':
        return { ok: true };
      case 'users.info': {
        const name = names.get(args['user'] as string);
        return name === undefined
          ? { ok: false, error: 'user_not_found' }
          : { ok: true, user: { profile: { display_name: name } } };
      }
      default:
        return { ok: false, error: 'unknown_method' };
    }
  }

  const provider = await fakeProvider(({ path, json }) => {
    const method = path.split('/').at(-1) ?? '';
    const next = faults.findIndex((one) => one.method === method);
    const fault = next < 0 ? null : faults.splice(next, 1)[0]!.fault;
    if (fault !== null && fault !== 'answer lost') return { body: { ok: false, error: fault.error } };
    const answer = act(method, json as Record<string, unknown>);
    return fault === null ? { body: answer } : { status: 502, body: 'bad gateway' };
  });

  return {
    apiUrl: `${provider.url}/api`,
    calls: provider.calls,
    messages,
    /** What an app that listens is told, in order. */
    events,
    names,
    failNext: (method: string, fault: SlackFault) => void faults.push({ method, fault }),
    /** What a person does in Slack itself. */
    write(channel: string, user: string, text: string, thread?: string): SlackEvent & { ts: string } {
      const made = { channel, ts: stamp(), user, text, ...(thread === undefined ? {} : { thread_ts: thread }) };
      messages.push(made);
      return { ...tell(made), ts: made.ts };
    },
    edit(channel: string, ts: string, text: string): SlackEvent {
      const message = find(channel, ts)!;
      Object.assign(message, { text, edited: { ts: stamp() } });
      return tell({ subtype: 'message_changed', channel, message: { ...message } });
    },
    remove(channel: string, ts: string): SlackEvent {
      messages.splice(messages.indexOf(find(channel, ts)!), 1);
      return tell({ subtype: 'message_deleted', channel, deleted_ts: ts });
    },
  };
}
