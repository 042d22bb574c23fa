// What an answer to one of our mails asks for. Pure: the mail as parsed in, the request or why there is none out.
import { addressParser, type Email } from 'postal-mime';
import { tokenOfAddress, tokensIn } from '#server/modules/notify/links/link-token.ts';

export interface MailAct {
  action: 'acknowledge' | 'escalate' | 'note';
  text?: string;
}

export type MailReply =
  | { kind: 'answer'; from: string; tokens: string[]; acts: MailAct[] }
  /** A program wrote it, or it cannot be an answer to us. */
  | { kind: 'ignore'; why: string };

const tokensMax = 5;
const noteMax = 5_000;

export function readMailReply(mail: Email): MailReply {
  const machine = writtenByProgram(mail);
  if (machine !== null) return { kind: 'ignore', why: machine };
  const from = soleSender(mail);
  if (from === null) return { kind: 'ignore', why: 'it has no single sender' };
  const body = bodyText(mail);
  const tokens = [...new Set([...tokensInAddresses(mail), ...tokensIn(mail.subject ?? ''), ...tokensIn(body)])];
  if (tokens.length === 0) return { kind: 'ignore', why: 'it names no page' };
  return { kind: 'answer', from, tokens: tokens.slice(0, tokensMax), acts: actsOf(ownWords(body)) };
}

/** RFC 3834, and what programs did before it: vacation notices, bounces (RFC 3464), read receipts (RFC 8098), lists. */
function writtenByProgram(mail: Email): string | null {
  const auto = headersOf(mail, 'auto-submitted');
  if (auto.some((value) => !/^no\b/i.test(value))) return 'it is an automatic answer (Auto-Submitted)';
  for (const name of [
    'x-autoreply',
    'x-autorespond',
    'x-autoresponder',
    'x-mail-autoreply',
    'x-failed-recipients',
    'list-id',
  ]) {
    if (headersOf(mail, name).length > 0) return `it is an automatic answer (${name})`;
  }
  const precedence = headersOf(mail, 'precedence').join(' ');
  if (/\b(auto_reply|bulk|junk|list)\b/i.test(precedence))
    return `it is an automatic answer (Precedence: ${precedence})`;
  if (headersOf(mail, 'return-path').some((value) => value.replace(/\s/g, '') === '<>')) return 'it is a bounce';
  const type = headersOf(mail, 'content-type').join(' ');
  if (/^\s*multipart\/report\b/i.test(type)) return 'it is a report of a mail server or a receipt';
  if (/^(mailer-daemon|postmaster|no-?reply)@/i.test(mail.from?.address ?? '')) return 'its sender is a program';
  const subject = (mail.subject ?? '').trim();
  return subjectsOfPrograms.test(subject)
    ? `its subject is that of an automatic answer (“${subject.slice(0, 60)}”)`
    : null;
}

const subjectsOfPrograms =
  /^(auto(matic|matische|mated)?[ -]?(reply|response|antwort|answer)|automatische antwort|r[eé]ponse automatique|respuesta autom[aá]tica|out of (the )?office|abwesenheit|undeliver|delivery status|mail delivery|read:|gelesen:|not read:)/i;

/** The parser takes the first of several senders, so they are counted here. */
function soleSender(mail: Email): string | null {
  const senders = headersOf(mail, 'from').flatMap((value) => addressParser(value, { flatten: true }));
  const address = senders.length === 1 ? (senders[0]?.address ?? '').trim().toLowerCase() : '';
  return /^[^\s@]+@[^\s@]+$/.test(address) ? address : null;
}

function headersOf(mail: Email, name: string): string[] {
  return mail.headers.filter((header) => header.key === name).map((header) => header.value);
}

function tokensInAddresses(mail: Email): string[] {
  const delivered = ['delivered-to', 'x-original-to', 'envelope-to'].flatMap((name) => headersOf(mail, name));
  const addressed = [...(mail.to ?? []), ...(mail.cc ?? [])].flatMap((one) =>
    one.group === undefined ? [one.address] : [],
  );
  return [...addressed, ...delivered]
    .map((address) => tokenOfAddress(address.trim().replace(/^<|>$/g, '')))
    .filter((token) => token !== null);
}

function bodyText(mail: Email): string {
  const text = mail.text ?? '';
  return (text.trim() === '' && mail.html !== undefined ? textOfHtml(mail.html) : text).slice(0, 100_000);
}

const htmlMax = 200_000;
const unseen = new Set(['style', 'script', 'head', 'title']);
const breaks = new Set(['br', '/p', '/div', '/li', '/tr', 'hr']);

/** Enough for the few words that people write above what they quote. Each sign is looked at once, whatever is sent. */
function textOfHtml(whole: string): string {
  const html = whole.slice(0, htmlMax);
  const parts: string[] = [];
  let at = 0;
  for (;;) {
    const open = html.indexOf('<', at);
    const close = open === -1 ? -1 : html.indexOf('>', open);
    parts.push(html.slice(at, open === -1 ? undefined : open));
    if (close === -1) break;
    const tag = html.slice(open + 1, close);
    const name = /^\/?[a-z]+/i.exec(tag)?.[0].toLowerCase() ?? '';
    at = close + 1;
    if (unseen.has(name)) {
      const end = html.indexOf(`</${name}`, at);
      if (end === -1) break;
      at = end;
    }
    if (name === 'blockquote') parts.push('\n> ');
    else if (breaks.has(name)) parts.push('\n');
    else if (name === 'a') parts.push(` ${/href="([^"]*)"/i.exec(tag)?.[1] ?? ''} `);
  }
  return parts
    .join('')
    .replace(/&(nbsp|lt|gt|quot|apos|amp|#\d{1,3});/gi, (all, entity: string) => entities[entity.toLowerCase()] ?? all);
}

const entities: Record<string, string> = {
  nbsp: ' ',
  '#160': ' ',
  lt: '<',
  '#60': '<',
  gt: '>',
  '#62': '>',
  quot: '"',
  '#34': '"',
  apos: "'",
  '#39': "'",
  amp: '&',
  '#38': '&',
};

/** What stands above the quoted mail and the signature. */
function ownWords(text: string): string {
  const lines: string[] = [];
  for (const line of text.replace(/\r\n?/g, '\n').split('\n')) {
    // Longer lines are nobody's way to begin a quote, and would be slow to look through.
    if (quoteBegins.some((sign) => sign.test(line.slice(0, quoteLineMax)))) break;
    lines.push(line);
  }
  return lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

const quoteLineMax = 400;
const quoteBegins = [
  /^\s*>/,
  /^-- ?$/,
  /^\s*-{2,}\s*(original message|forwarded message|urspr(ü|ue)ngliche nachricht|message d'origine)/i,
  /^\s*_{10,}\s*$/,
  // "On Sat, 21 Nov 2026 at 02:11, Tocsin <pager@…> wrote:" and the like; some programs break it after the address.
  /^\s*(on|am|le|el)\b.{4,200}(wrote|schrieb|a écrit|escribi(ó|o))\b.*:?\s*$/i,
  /^\s*(on|am|le|el)\b.{4,200}<[^<>\s]+@[^<>\s]+>\s*$/i,
  /^\s*\*?(from|von|de)\s?:\*?\s.*@/i,
  /^(sent from my|von meinem .{2,20} gesendet|get outlook for)\b/i,
];

function actsOf(words: string): MailAct[] {
  const [first = '', ...rest] = words.split('\n');
  const firstWord = /^[\p{L}-]+/u.exec(first.trim())?.[0].toLowerCase() ?? '';
  const alone = words
    .replace(/[\s.,!:;–-]+/g, ' ')
    .trim()
    .toLowerCase();
  if (alone === '' || acknowledgeAlone.has(alone)) return [{ action: 'acknowledge' }];
  if (escalateWords.has(alone)) return [{ action: 'escalate' }];
  // "ack, looking into it": the word that can mean nothing else counts, and the rest is kept.
  if (acknowledgeFirst.has(firstWord) && !/\?/.test(first)) {
    const remainder = [
      first
        .trim()
        .slice(firstWord.length)
        .replace(/^[\s.,!:;–-]+/, ''),
      ...rest,
    ]
      .join('\n')
      .trim();
    return remainder === '' ? [{ action: 'acknowledge' }] : [{ action: 'acknowledge' }, note(remainder)];
  }
  return [note(words)];
}

const acknowledgeFirst = new Set(['ack', 'acked', 'acknowledge', 'acknowledged']);
const acknowledgeAlone = new Set([...acknowledgeFirst, 'ok', 'okay', 'yes', 'got it', 'on it', 'looking']);
const escalateWords = new Set(['escalate', 'esc', 'please escalate', 'escalate please']);

function note(text: string): MailAct {
  return { action: 'note', text: text.length <= noteMax ? text : `${text.slice(0, noteMax - 1)}…` };
}
