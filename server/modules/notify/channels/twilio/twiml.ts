// What a call says and asks, and what a text message is answered with.
import { escapeXml } from '#server/modules/notify/html.ts';

export interface Prompt {
  /** Read out twice. */
  words: string;
  language: string;
  /** Where the pressed key goes; null asks for none. */
  gatherUrl: string | null;
}

/** 4 acknowledges and 6 escalates; any other key, or none, hears it again. */
export function promptTwiml({ words, language, gatherUrl }: Prompt): string {
  const say = (text: string) => `<Say language="${escapeXml(language)}">${escapeXml(text)}</Say>`;
  if (gatherUrl === null) return response(`${say(words)}<Pause length="1"/>${say(words)}`);
  const asked = `${words}. ${keys}`;
  return response(
    `<Gather input="dtmf" numDigits="1" timeout="8" method="POST" actionOnEmptyResult="true" action="${escapeXml(gatherUrl)}">` +
      `${say(asked)}<Pause length="1"/>${say(asked)}</Gather>${say('Nothing was done. Paging goes on. Goodbye.')}`,
  );
}

export function sayTwiml(words: string, language: string): string {
  return response(`<Say language="${escapeXml(language)}">${escapeXml(words)}</Say><Hangup/>`);
}

/** Null answers nothing. */
export function messageTwiml(text: string | null): string {
  return response(text === null ? '' : `<Message>${escapeXml(text)}</Message>`);
}

const keys = 'Press 4 to acknowledge, or 6 to escalate.';

function response(inner: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><Response>${inner}</Response>`;
}
