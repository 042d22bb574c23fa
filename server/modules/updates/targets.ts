// The targets that an update can name: status pages, which are channels, and lists of stakeholders, which are documents.
import { createHash } from 'node:crypto';
import type { PagingConfig, StoredDocument } from '#server/modules/config/state.ts';
import type { UpdateTarget } from '#server/modules/incidents/status-updates/state.ts';

export interface TargetWorld {
  config: PagingConfig;
  /** Addresses that a person has proven to be theirs. */
  mailOf(userId: string): readonly string[];
  /** Why nothing at all leaves the center now. */
  held: string | null;
}

/** In the order named: pages, then lists. Whoever is on two of the lists gets one mail, from the first. */
export function updateTargets(
  wanted: { statusPages: readonly string[]; lists: readonly string[] },
  world: TargetWorld,
): UpdateTarget[] {
  const seen = new Set<string>();
  const targets = [
    ...[...new Set(wanted.statusPages)].map((id) => pageTarget(id, world)),
    ...[...new Set(wanted.lists)].map((id) => {
      const target = listTarget(id, world);
      const addresses = target.addresses.filter((address) => !seen.has(address));
      for (const address of addresses) seen.add(address);
      return { ...target, addresses };
    }),
  ];
  return targets.map((target) => ({ ...target, seal: sealOf(target, world.config) }));
}

/** Short, and says no address. */
function sealOf({ kind, id, name, channelId, addresses }: Unsealed, config: PagingConfig): string {
  const channel = config.get('channel', channelId);
  const way = channel === null ? null : [channel.draft.kind, channel.draft.settings];
  return createHash('sha256')
    .update(JSON.stringify([kind, id, name, addresses.toSorted(), channelId, way]))
    .digest('base64url');
}

type Unsealed = Omit<UpdateTarget, 'seal'>;

function pageTarget(id: string, { config, held }: TargetWorld): Unsealed {
  const channel = config.get('channel', id);
  const name = channel?.draft.name ?? 'a status page that is gone';
  const fault =
    channel?.draft.kind !== 'statuspage'
      ? 'there is no such status page any more. Choose another one.'
      : !channel.draft.enabled
        ? 'its channel is switched off. An administrator can switch it on.'
        : held;
  return { kind: 'statuspage', id, name, channelId: id, addresses: [''], fault };
}

function listTarget(id: string, world: TargetWorld): Unsealed {
  const list = world.config.get('stakeholderList', id);
  if (list === null) {
    const fault = 'there is no such list any more. Choose another one.';
    return { kind: 'list', id, name: 'a list that is gone', channelId: id, addresses: [], fault };
  }
  const channel = world.config.get('channel', list.draft.channelId);
  const addresses = addressesOf(list, world.mailOf);
  const fault =
    channel === null || !channel.draft.enabled
      ? 'its e-mail channel is switched off. An administrator can switch it on.'
      : addresses.length === 0
        ? 'nobody on it has an address. A manager can add one.'
        : world.held;
  return { kind: 'list', id, name: list.draft.name, channelId: list.draft.channelId, addresses, fault };
}

function addressesOf(list: StoredDocument<'stakeholderList'>, mailOf: TargetWorld['mailOf']): string[] {
  const own = list.draft.userIds.flatMap((userId) => mailOf(userId).slice(0, 1));
  return [...new Set([...list.draft.addresses, ...own].map((address) => address.toLowerCase()))];
}
