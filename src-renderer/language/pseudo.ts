// English made strange, so that a screen shows what is not translated, what is cut off and what stands on the wrong side.
// Accented and 40% longer in brackets; or, for writing from right to left, each word turned round.

const plain = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const strange = 'ÀƁÇĎÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽàƀçðéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýž';

const vowels = new Set('aeiouyAEIOUY');

export function accented(message: string): string {
  return `[${quoted(message, longer)}]`;
}

/** Right-to-left marks and overrides around each word. */
export function turned(message: string): string {
  return quoted(message, (text) => text.replace(/[A-Za-z][A-Za-z’']*/g, '\u200f\u202e$&\u202c\u200f'));
}

/** Braces and apostrophes that are text stand apart while gaps are looked for. */
function quoted(message: string, change: (text: string) => string): string {
  const apart = message.replaceAll("'{'", '\uE001').replaceAll("'}'", '\uE002').replaceAll("''", '\uE003');
  return eachText(apart, change).replaceAll('\uE001', "'{'").replaceAll('\uE002', "'}'").replaceAll('\uE003', "''");
}

function longer(text: string): string {
  let wanted = Math.ceil(text.replace(/[^A-Za-z]/g, '').length * 0.4);
  let made = '';
  for (const letter of text) {
    const at = plain.indexOf(letter);
    const accent = at < 0 ? letter : strange.charAt(at);
    const twice = wanted > 0 && vowels.has(letter);
    if (twice) wanted -= 1;
    made += twice ? accent + accent : accent;
  }
  return made;
}

/** The words of an ICU message, without its gaps and the names of its forms. */
function eachText(message: string, change: (text: string) => string): string {
  let made = '';
  let at = 0;
  while (at < message.length) {
    const opening = message.indexOf('{', at);
    if (opening < 0) return made + change(message.slice(at));
    made += change(message.slice(at, opening));
    const closing = endOf(message, opening);
    made += gap(message.slice(opening + 1, closing), change);
    at = closing + 1;
  }
  return made;
}

function gap(inside: string, change: (text: string) => string): string {
  if (!inside.includes(',')) return `{${inside}}`;
  const forms = /^(\d+), plural, /.exec(inside);
  if (forms === null) return `{${inside}}`;
  let made = forms[0];
  let at = made.length;
  while (at < inside.length) {
    const opening = inside.indexOf('{', at);
    if (opening < 0) break;
    const closing = endOf(inside, opening);
    made += `${inside.slice(at, opening)}{${eachText(inside.slice(opening + 1, closing), change)}}`;
    at = closing + 1;
  }
  return `{${made}}`;
}

function endOf(text: string, opening: number): number {
  let depth = 0;
  for (let at = opening; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return text.length;
}
