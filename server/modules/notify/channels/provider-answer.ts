// Calls to providers, with every way in which they can go wrong as a failed attempt that can be read in the ledger.
import { isPermanentStatus, type SendContext, type SendResult } from '#server/modules/notify/channel-type.ts';
import { OutgoingError, type OutgoingAnswer, type OutgoingRequest } from '#server/outgoing/outgoing.ts';

export type Failed = Extract<SendResult, { outcome: 'failed' }>;
type Caller = Pick<SendContext<unknown>, 'outgoing' | 'signal' | 'secrets' | 'now' | 'beforeWrite'>;

const responseMax = 2_000;

/** A 2xx answer, or the failed attempt. What a 2xx body has to look like is for the channel to judge. */
export async function call(
  context: Caller,
  request: Omit<OutgoingRequest, 'signal'>,
  /** The provider's own words of a refusal, when there are any. */
  explain?: (answer: OutgoingAnswer) => string | null,
  /** Statuses that mean "later" though others would not read them so. */
  transient: readonly number[] = [],
): Promise<OutgoingAnswer | Failed> {
  let answer: OutgoingAnswer;
  try {
    const { signal, beforeWrite } = context;
    answer = await context.outgoing.request({
      ...request,
      signal,
      ...(beforeWrite === undefined ? {} : { beforeWrite }),
    });
  } catch (error) {
    if (!(error instanceof OutgoingError)) throw error;
    return {
      outcome: 'failed',
      permanent: error.fault === 'blocked',
      retryAfterMs: null,
      reason: shown(context, error.message),
      response: '',
    };
  }
  if (answer.status >= 200 && answer.status < 300) return answer;
  return failed(context, answer, {
    permanent: isPermanentStatus(answer.status) && !transient.includes(answer.status),
    reason: explain?.(answer) ?? statusInWords(answer.status),
  });
}

export function isFailed(result: OutgoingAnswer | Failed | SendResult): result is Failed {
  return 'outcome' in result && result.outcome === 'failed';
}

export function failed(
  context: Caller,
  answer: OutgoingAnswer,
  { permanent, reason }: { permanent: boolean; reason: string },
): Failed {
  return {
    outcome: 'failed',
    permanent,
    retryAfterMs: retryAfterMs(answer.headers, context.now),
    reason: shown(context, reason),
    response: shown(context, answer.body),
  };
}

/** A 2xx whose body is not what the provider documents: a proxy's page, a cut answer. Counts as a 5xx. */
export function nonsense(context: Caller, provider: string, answer: OutgoingAnswer): Failed {
  const what = answer.truncated ? 'too much' : answer.body.trim() === '' ? 'nothing' : 'something else';
  return failed(context, answer, {
    permanent: false,
    reason: `${provider} answered ${answer.status} and then ${what}, not what it documents. The message may not be there.`,
  });
}

/** Empty when it is not set. Pasted texts bring white space with them, which no header can carry. */
export function secretOf(context: Pick<Caller, 'secrets'>, name: string): string {
  return (context.secrets[name] ?? '').trim();
}

/** A setting or secret is missing, which no retry mends. */
export function notSetUp(reason: string): Failed {
  return { outcome: 'failed', permanent: true, retryAfterMs: null, reason, response: '' };
}

export function accepted(
  context: Caller,
  answer: OutgoingAnswer,
  { ref, arrived }: { ref: string | null; arrived: boolean },
): Extract<SendResult, { outcome: 'accepted' }> {
  return { outcome: 'accepted', ref, arrived, response: shown(context, answer.body) };
}

/** The body as an object, or null when it is none. */
export function jsonOf(answer: OutgoingAnswer): Record<string, unknown> | null {
  if (answer.truncated) return null;
  try {
    const value: unknown = JSON.parse(answer.body);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** `Retry-After` in seconds or as a date, at most a day. */
export function retryAfterMs(headers: Record<string, string>, now: number): number | null {
  const text = (headers['retry-after'] ?? headers['x-ratelimit-period-in-sec'] ?? '').trim();
  const ms = /^\d{1,9}(\.\d+)?$/.test(text) ? Math.ceil(Number(text) * 1_000) : Date.parse(text) - now;
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), 86_400_000);
}

/** Cut, storable, and without our own secrets, which some providers repeat. */
function shown(context: Pick<Caller, 'secrets'>, text: string): string {
  let out = text.toWellFormed().replaceAll('\0', '\uFFFD');
  for (const secret of Object.values(context.secrets).flatMap((value) => value.split(/\s+/)))
    if (secret.length >= 6) for (const form of formsOf(secret)) out = out.replaceAll(form, '[secret]');
  return out.slice(0, responseMax).toWellFormed();
}

/** As it is, as addresses and JSON spell it, and of an address its path and query; the longest first. */
function formsOf(secret: string): string[] {
  const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
  if (URL.canParse(secret)) {
    const { pathname, search } = new URL(secret);
    forms.push(...[pathname + search, pathname, search].filter((part) => part.length >= 6));
  }
  return forms;
}

function statusInWords(status: number): string {
  if (status === 401 || status === 403)
    return `It answered ${status}: the key or token is not accepted. Check the secret.`;
  if (status === 404 || status === 410) return `It answered ${status}: there is nothing at this address. Check it.`;
  if (status === 429) return 'It answered 429: too many messages. They are tried again later.';
  if (status >= 500) return `It answered ${status}: it is in trouble itself. This is tried again.`;
  return `It answered ${status} and did not take the message.`;
}
