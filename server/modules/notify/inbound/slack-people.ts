import type { PagingConfig } from '#server/modules/config/state.ts';

/** Whose verified Slack account this is. An address that was never proven, or was changed since, is nobody's. */
export function userBySlackId(config: Pick<PagingConfig, 'list'>, slackId: string): string | null {
  for (const { id, draft, state } of config.list('responder').items)
    for (const method of draft.contactMethods)
      if (method.kind === 'slack' && method.address === slackId && state.verified[method.id]?.address === slackId)
        return id;
  return null;
}
