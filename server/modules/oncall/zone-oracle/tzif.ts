// Reads compiled zones (RFC 9636). For tests only: it shares nothing with Intl or with zone.ts.
import { readFileSync } from 'node:fs';

export interface OracleZone {
  /** Seconds east of UTC from the instant (in seconds) on; the first begins at -Infinity. */
  offsets: { from: number; offset: number }[];
}

const fixture = JSON.parse(readFileSync(new URL('zones.json', import.meta.url), 'utf8')) as {
  version: string;
  zones: Record<string, string>;
};
export const oracleVersion = fixture.version;
export const oracleZones = Object.keys(fixture.zones);

export function readOracleZone(name: string, untilYear: number): OracleZone {
  const data = Buffer.from(fixture.zones[name] ?? '', 'base64');
  // The first block has 32-bit times; the second repeats it with 64-bit ones.
  const skipped = readHeader(data, 0);
  const at = 44 + skipped.times * 5 + skipped.types * 6 + skipped.chars + skipped.leaps * 8 + skipped.std + skipped.ut;
  const head = readHeader(data, at);
  const timesAt = at + 44;
  const typesAt = timesAt + head.times * 9;
  const typeOffset = (index: number) => data.readInt32BE(typesAt + index * 6);
  const offsets = [{ from: -Infinity, offset: typeOffset(0) }];
  for (let index = 0; index < head.times; index += 1) {
    const from = Number(data.readBigInt64BE(timesAt + index * 8));
    offsets.push({ from, offset: typeOffset(data.readUInt8(timesAt + head.times * 8 + index)) });
  }
  const footerAt = typesAt + head.types * 6 + head.chars + head.leaps * 12 + head.std + head.ut;
  const footer = data.subarray(footerAt).toString('latin1').trim();
  const last = offsets.at(-1)!.from;
  return { offsets: [...offsets, ...fromFooter(footer, untilYear).filter(({ from }) => from > last)] };
}

function readHeader(data: Buffer, at: number) {
  if (data.toString('latin1', at, at + 4) !== 'TZif') throw new Error('not a compiled zone');
  const [ut, std, leaps, times, types, chars] = [0, 1, 2, 3, 4, 5].map((n) => data.readUInt32BE(at + 20 + n * 4));
  return { ut: ut!, std: std!, leaps: leaps!, times: times!, types: types!, chars: chars! };
}

/** The POSIX rule behind the last listed transition, such as `EET-2EEST,M4.5.5/0,M10.5.4/24`. */
function fromFooter(footer: string, untilYear: number): { from: number; offset: number }[] {
  const name = '(?:<[^>]+>|[A-Za-z]+)';
  const time = '[+-]?\\d+(?::\\d+){0,2}';
  const rule = `M(\\d+)\\.(\\d)\\.(\\d)(?:/(${time}))?`;
  const parts = new RegExp(`^${name}(${time})(?:${name}(${time})?,${rule},${rule})?$`).exec(footer);
  if (parts === null) throw new Error(`a rule that this reader does not know: ${footer}`);
  if (parts[3] === undefined) return [];
  const standard = -seconds(parts[1]!);
  const summer = parts[2] === undefined ? standard + 3_600 : -seconds(parts[2]);
  const result = [];
  for (let year = 1990; year <= untilYear; year += 1) {
    const moment = (first: number) => {
      const [month, week, weekday] = [0, 1, 2].map((n) => Number(parts[first + n])) as [number, number, number];
      return dayOfRule(year, month, week, weekday) * 86_400 + seconds(parts[first + 3] ?? '2');
    };
    result.push({ from: moment(3) - standard, offset: summer }, { from: moment(7) - summer, offset: standard });
  }
  return result.sort((a, b) => a.from - b.from);
}

/** The `week`-th such weekday (0 is Sunday) of the month; 5 is the last. */
function dayOfRule(year: number, month: number, week: number, weekday: number): number {
  const first = Date.UTC(year, month - 1, 1) / 86_400_000;
  const length = Date.UTC(year, month, 1) / 86_400_000 - first;
  let day = first + ((weekday - ((first + 4) % 7) + 7) % 7) + (week - 1) * 7;
  while (day >= first + length) day -= 7;
  return day;
}

function seconds(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  const [hours = 0, minutes = 0, rest = 0] = text.replace(/^[+-]/, '').split(':').map(Number);
  return sign * (hours * 3_600 + minutes * 60 + rest);
}
