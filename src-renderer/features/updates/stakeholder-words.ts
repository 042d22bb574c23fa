import { MailAddress, StakeholderListDraft } from '#server/contract/stakeholder.ts';

/** `3 people, 12 addresses` */
export function listWords({ userIds, addresses }: Pick<StakeholderListDraft, 'userIds' | 'addresses'>): string {
  const people = userIds.length === 1 ? '1 person' : `${userIds.length} people`;
  const others = addresses.length === 1 ? '1 address' : `${addresses.length} addresses`;
  if (addresses.length === 0) return userIds.length === 0 ? 'nobody' : people;
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
