import type { ContactKind } from '#server/contract/channel.ts';

/** How a way to a person is called where others read it: enough to know which one, never the whole address. */
export function contactLabel(kind: ContactKind, address: string): string {
  switch (kind) {
    case 'desktop':
      return 'desktop';
    case 'email': {
      const at = address.lastIndexOf('@');
      return `e-mail to ${address.slice(0, 1)}…${at < 0 ? '' : address.slice(at)}`;
    }
    case 'sms':
      return `text to ${maskedNumber(address)}`;
    case 'voice':
      return `call to ${maskedNumber(address)}`;
    case 'slack':
      return 'Slack message';
    case 'webhook':
      return `webhook at ${hostOf(address)}`;
  }
}

/** `+4915112345612` → `+49 … 12` */
function maskedNumber(number: string): string {
  return `${number.slice(0, 3)} … ${number.slice(-2)}`;
}

function hostOf(url: string): string {
  return URL.parse(url)?.hostname ?? 'an address that is none';
}
