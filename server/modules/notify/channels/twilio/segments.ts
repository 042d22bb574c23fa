// How many parts a text message takes (GSM 03.38, 3GPP TS 23.038 and 23.040): a part is paid for, and can be lost, by itself.

const gsmBasic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
/** These take two places. */
const gsmExtended = '^{}\\[~]|€\f';
const places = new Map([
  ...Array.from(gsmBasic, (sign) => [sign, 1] as const),
  ...Array.from(gsmExtended, (sign) => [sign, 2] as const),
]);

/** Signs that people and programs write where a plain one does, so that one quote does not halve the room. */
const plainer: Record<string, string> = {
  '‘': "'",
  '’': "'",
  '‚': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '«': '"',
  '»': '"',
  '–': '-',
  '—': '-',
  '−': '-',
  '…': '...',
  '•': '*',
  '→': '->',
  '\u00a0': ' ',
  '\t': ' ',
  '`': "'",
};

/** Parts that the text takes. */
export function segments(text: string): number {
  const gsm = gsmPlaces(text);
  if (gsm !== null) return gsm <= 160 ? 1 : Math.ceil(gsm / 153);
  return text.length <= 70 ? 1 : Math.ceil(text.length / 67);
}

export function toPlainSigns(text: string): string {
  return text.replace(/[‘’‚“”„«»–—−…•→\u00a0\t`]/g, (sign) => plainer[sign] ?? sign);
}

/** `head` cut so that it and `tail` fit into so many parts; `tail` (a link, a code) is never cut. */
export function fitSegments(head: string, tail: string, max: number): string {
  const signs = Array.from(toPlainSigns(head));
  const plainTail = toPlainSigns(tail);
  const whole = signs.join('') + plainTail;
  if (segments(whole) <= max) return whole;
  let low = 0;
  let high = signs.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (segments(`${signs.slice(0, middle).join('')}...${plainTail}`) <= max) low = middle;
    else high = middle - 1;
  }
  return `${signs.slice(0, low).join('').trimEnd()}...${plainTail}`;
}

function gsmPlaces(text: string): number | null {
  let sum = 0;
  for (const sign of text) {
    const taken = places.get(sign);
    if (taken === undefined) return null;
    sum += taken;
  }
  return sum;
}
