/** What an answer to a text message asks for. `code` is null when it names none. */
export type SmsReply =
  | { kind: 'acknowledge' | 'escalate'; code: string | null }
  /** The provider takes the number off its list by itself, and says so; we add nothing. */
  | { kind: 'stop' }
  | { kind: 'unclear' };

const acknowledge = new Set(['ack', 'acknowledge', 'acknowledged', 'ok', 'yes', 'a', 'y']);
const escalate = new Set(['esc', 'escalate', 'e']);
/** Twilio's own words for it (https://help.twilio.com/articles/223134027). */
const stop = new Set(['stop', 'stopall', 'unsubscribe', 'cancel', 'end', 'quit', 'revoke', 'optout']);

/** "ACK 4417", "4417", "4417 esc", "ack": one word, one code, in any order. More than that is not guessed at. */
export function readSmsReply(text: string): SmsReply {
  const words = text
    .toLowerCase()
    .replace(/[.,!"'#]/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 1 && stop.has(words[0] ?? '')) return { kind: 'stop' };
  const codes = words.filter((word) => /^\d{2,8}$/.test(word));
  const verbs = words.filter((word) => !codes.includes(word));
  if (words.length === 0 || codes.length > 1 || verbs.length > 1) return { kind: 'unclear' };
  const [verb] = verbs;
  const code = codes[0] ?? null;
  if (verb === undefined || acknowledge.has(verb)) return { kind: 'acknowledge', code };
  return escalate.has(verb) ? { kind: 'escalate', code } : { kind: 'unclear' };
}
