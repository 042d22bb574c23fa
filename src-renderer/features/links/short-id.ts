// Short ids that people say and paste: T-3f9a21bc. The letter names the kind, the rest is the end of the id, which is
// its random part. Pure.
import type { EntityName } from '#server/contract/replica.ts';
import type { Tables } from '../../replica/rows/rows.ts';

const letters = {
  task: 'T',
  timeline: 'E',
  chat: 'M',
  silence: 'S',
  change: 'C',
  service: 'V',
  alert: 'A',
  ask: 'Q',
  poll: 'O',
  user: 'U',
  team: 'G',
  schedule: 'H',
  policy: 'L',
  route: 'R',
  inhibition: 'I',
  monitor: 'B',
  channel: 'N',
  stakeholderList: 'K',
  rule: 'F',
  integration: 'J',
} as const satisfies Partial<Record<EntityName, string>>;
export type LinkedEntity = keyof typeof letters;

const digits = 8;
const shortId = new RegExp(`^([${Object.values(letters).join('')}])-([0-9a-f]{${digits}})$`, 'i');
const numbered = /^(INC|P)-(\d{1,9})$/i;

export function shortIdOf(entity: LinkedEntity, id: string): string {
  return `${letters[entity]}-${id.slice(-digits)}`;
}

/** What a key such as `schedule:018f…` is said as; null for what has no short id, or a number in its place. */
export function shortIdOfKey(key: string): string | null {
  const [entity = '', id = ''] = key.split(':', 2);
  return entity in letters ? shortIdOf(entity as LinkedEntity, id) : null;
}

/** Whether somebody may have meant one. */
export function isShortId(text: string): boolean {
  return shortId.test(text.trim()) || numbered.test(text.trim());
}

export type Linked = { [N in LinkedEntity | 'incident' | 'page']: { entity: N; id: string } }[
  | LinkedEntity
  | 'incident'
  | 'page'];

/** What a short id stands for, of what this machine holds; more than one only where two ids end alike. */
export function linkedBy(text: string, tables: Tables): Linked[] {
  const asked = text.trim();
  const byNumber = numbered.exec(asked);
  if (byNumber !== null) {
    const entity = byNumber[1]?.toUpperCase() === 'INC' ? 'incident' : 'page';
    const number = Number(byNumber[2]);
    return [...tables[entity].rows.values()].filter((row) => row.number === number).map(({ id }) => ({ entity, id }));
  }
  const [, letter = '', end = ''] = shortId.exec(asked) ?? [];
  const entity = (Object.keys(letters) as LinkedEntity[]).find((name) => letters[name] === letter.toUpperCase());
  if (entity === undefined) return [];
  return [...tables[entity].rows.keys()].filter((id) => id.endsWith(end.toLowerCase())).map((id) => ({ entity, id }));
}
