// What the composer shows of updates, worked out of the rows. Pure.
import type { Channel } from '#server/contract/channel.ts';
import type { StakeholderList } from '#server/contract/stakeholder.ts';
import type { StatusUpdate, UpdateDelivery } from '#server/contract/status-update.ts';
import { byName } from '../../by-name.ts';
import { plural, t } from '../../language/words.ts';

export interface TargetChoice {
  kind: 'statuspage' | 'list';
  id: string;
  label: string;
}

/** Status pages that are switched on, then lists, each by name. */
export function targetChoices(channels: Iterable<Channel>, lists: Iterable<StakeholderList>): TargetChoice[] {
  const byLabel = (a: TargetChoice, b: TargetChoice) => byName(a.label, b.label);
  const pages = [...channels].flatMap((channel): TargetChoice[] =>
    channel.kind === 'statuspage' && channel.enabled
      ? [{ kind: 'statuspage', id: channel.id, label: channel.name }]
      : [],
  );
  const readers = [...lists].map((list): TargetChoice => {
    return { kind: 'list', id: list.id, label: `${list.name} (${list.userIds.length + list.addresses.length})` };
  });
  return [...pages.sort(byLabel), ...readers.sort(byLabel)];
}

export interface Addressed {
  statusPages: readonly string[];
  lists: readonly string[];
}

/** Of what was chosen, what there still is. */
export function stillThere(
  chosen: Addressed,
  choices: readonly TargetChoice[],
): { statusPages: string[]; lists: string[] } {
  const has = (kind: TargetChoice['kind'], id: string) => choices.some((each) => each.kind === kind && each.id === id);
  return {
    statusPages: chosen.statusPages.filter((id) => has('statuspage', id)),
    lists: chosen.lists.filter((id) => has('list', id)),
  };
}

export function newestFirst(updates: readonly StatusUpdate[]): StatusUpdate[] {
  return [...updates].sort((a, b) => b.number - a.number);
}

/** The one that readers know: the last that was sent. */
export function newestSent(updates: readonly StatusUpdate[]): StatusUpdate | undefined {
  const sentAt = (update: StatusUpdate) => update.decidedAt ?? update.writtenAt;
  return updates
    .filter((update) => update.state === 'sent')
    .sort((a, b) => sentAt(b).localeCompare(sentAt(a)) || b.number - a.number)[0];
}

/** Of the updates that waited, the newest that came back to me declined, if I wrote nothing since. */
export function declinedToMe(updates: readonly StatusUpdate[], meId: string): StatusUpdate | undefined {
  const [mine] = newestFirst(updates).filter((update) => update.writtenBy === meId);
  return mine?.state === 'declined' ? mine : undefined;
}

export function waitsForMe(update: StatusUpdate, meId: string): boolean {
  return update.state === 'awaiting' && update.approverId === meId;
}

/** `sent`, `12 of 14 sent`, `failed: …`: one target's outcome in a few words. */
export function outcomeWords(delivery: UpdateDelivery): string {
  const { kind, state, recipients, sent, failed, repeated } = delivery;
  if (recipients === 0) return t`everybody on it got it by another list`;
  if (kind === 'statuspage') return state === 'sent' ? t`published` : state === 'failed' ? t`failed` : t`waiting`;
  if (state !== 'sent' && state !== 'failed') return sent === 0 ? t`waiting` : t`${sent} of ${recipients} sent`;
  const came = state === 'sent' ? t`${sent} sent` : t`${failed} of ${recipients} failed`;
  return repeated === 0
    ? came
    : t`${came}, ${plural(repeated, { one: '1 may have come twice', other: '# may have come twice' })}`;
}
