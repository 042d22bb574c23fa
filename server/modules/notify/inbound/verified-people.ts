// Whose a number or an address is, as far as a code that came back has proven it.
import type { ContactKind } from '#server/contract/channel.ts';
import type { PagingConfig } from '#server/modules/config/state.ts';

/** People with this address as a verified way of one of these kinds. Several may share a phone. */
export function peopleWithAddress(config: PagingConfig, kinds: readonly ContactKind[], address: string): string[] {
  if (address === '') return [];
  const responders = config.list('responder').items;
  return responders.filter(({ id }) => verifiedAddresses(config, kinds, id).includes(address)).map(({ id }) => id);
}

/** A method whose address changed since is not verified any more. */
export function verifiedAddresses(config: PagingConfig, kinds: readonly ContactKind[], userId: string): string[] {
  const responder = config.get('responder', userId);
  if (responder === null) return [];
  return responder.draft.contactMethods
    .filter((method) => kinds.includes(method.kind) && responder.state.verified[method.id]?.address === method.address)
    .map((method) => method.address);
}
