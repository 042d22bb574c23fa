// Whom a page went to and what came of it, in words.
import type { Page } from '#server/contract/page.ts';
import { t } from '../../language/words.ts';
import { useMe, useNameOf, useTable } from '../../session.tsx';

/** A person by name, oneself as “You”, else the channel. */
export function usePagedName(): (page: Page) => string {
  const me = useMe();
  const nameOf = useNameOf();
  const channels = useTable('channel').rows;
  return ({ userId, channelId }) =>
    userId === me.id
      ? t`You`
      : userId === null
        ? (channels.get(channelId ?? '')?.name ?? t`A channel`)
        : nameOf(userId);
}

/** Empty for a channel that was only told: nobody has to answer there. */
export function outcomeWords({ status, userId, endedBy }: Page): string {
  if (status === 'open') return userId === null ? '' : t`no answer yet`;
  if (status === 'acknowledged') return endedBy === null ? t`acknowledged` : t`acknowledged by ${endedBy}`;
  // A reason, and nobody's name: `it is resolved`.
  return endedBy === null ? t`stopped` : t`stopped: ${endedBy}`;
}
