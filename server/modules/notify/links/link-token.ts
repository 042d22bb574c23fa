// The token of a signed page: in links, and in the address that answers to a mail go to.

/** Small letters and digits, because some mail servers change the case of addresses. */
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
const tokenLength = 32;
const tokenText = `[a-z2-7]{${tokenLength}}`;
const wholeToken = new RegExp(`^${tokenText}$`);
const linkPath = new RegExp(`/p/(${tokenText})(?![a-z2-7])`, 'gi');

/** 20 bytes as 32 letters (RFC 4648 base32, small, no padding). */
export function encodeToken(bytes: Uint8Array): string {
  let text = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(held >> bits) & 31];
    }
    held &= 255;
  }
  return text;
}

export function isToken(text: string): boolean {
  return wholeToken.test(text);
}

/** Token of a link that we made, or null. */
export function tokenOfLink(link: string | null): string | null {
  return link === null ? null : (tokensIn(link)[0] ?? null);
}

/** Tokens of the links in a text, in their order, each once. */
export function tokensIn(text: string): string[] {
  return [...new Set([...text.matchAll(linkPath)].map((match) => (match[1] ?? '').toLowerCase()))];
}

/** `pager+TOKEN@example.com` */
export function plusAddress(address: string, token: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, at)}+${token}${address.slice(at)}`;
}

export function tokenOfAddress(address: string): string | null {
  const tag = /\+([a-z2-7]+)@[^@]*$/i.exec(address)?.[1]?.toLowerCase();
  return tag !== undefined && isToken(tag) ? tag : null;
}
