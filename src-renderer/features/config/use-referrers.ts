import type { ConfigKind } from '#server/contract/config.ts';
import { t } from '../../language/words.ts';
import { useNameOf, useTable } from '../../session.tsx';

/** What names this document, in words: the server keeps what is still named. */
export function useReferrers(kind: ConfigKind, id: string): string[] {
  const nameOf = useNameOf();
  const policies = [...useTable('policy').rows.values()];
  const routes = [...useTable('route').rows.values()];
  const responders = [...useTable('responder').rows.values()];
  const lists = [...useTable('stakeholderList').rows.values()];
  const policiesOf = (type: 'schedule' | 'channel'): string[] =>
    policies
      .filter(({ steps }) => steps.some(({ targets }) => targets.some((to) => to.type === type && to.id === id)))
      .map(({ name }) => t`the policy ${name}`);
  switch (kind) {
    case 'schedule':
      return policiesOf('schedule');
    case 'policy':
      return routes.filter(({ policyId }) => policyId === id).map(({ name }) => t`the route ${name}`);
    case 'channel':
      return [
        ...policiesOf('channel'),
        ...routes.filter(({ channelIds }) => channelIds.includes(id)).map(({ name }) => t`the route ${name}`),
        ...lists.filter(({ channelId }) => channelId === id).map(({ name }) => t`the list ${name}`),
        ...responders
          .filter(({ contactMethods }) => contactMethods.some(({ channelId }) => channelId === id))
          .map((responder) => t`the profile of ${nameOf(responder.id)}`),
      ];
    default:
      return [];
  }
}
