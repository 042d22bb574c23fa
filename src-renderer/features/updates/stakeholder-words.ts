import { MailAddress, StakeholderListDraft } from '#server/contract/stakeholder.ts';
import { plural, t } from '../../language/words.ts';

/** `3 people, 12 addresses` */
export function listWords({ userIds, addresses }: Pick<StakeholderListDraft, 'userIds' | 'addresses'>): string {
  const people = t`${plural(userIds.length, { one: '1 person', other: '# people' })}`;
  const others = t`${plural(addresses.length, { one: '1 address', other: '# addresses' })}`;
  if (addresses.length === 0) return userIds.length === 0 ? t`nobody` : people;
  return userIds.length === 0 ? others : `${people}, ${others}`;
}

/** Those that no mail could be sent to. */
export function faultyAddresses(addresses: readonly string[]): string[] {
  return addresses.filter((address) => !MailAddress.safeParse(address).success);
}

/** Addresses as they are pasted: separated by commas, semicolons, spaces or lines, with or without names. */
export function addressesIn(text: string): string[] {
  const found = text
    .split(/[\s,;]+/)
    .map((word) => word.replace(/^<|>$/g, '').trim().toLowerCase())
    .filter((word) => word.includes('@'));
  return [...new Set(found)];
}
