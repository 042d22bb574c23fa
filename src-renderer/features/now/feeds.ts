import type { Integration } from '#server/contract/integration.ts';

export type FeedState = 'reporting' | 'silent' | 'never' | 'off';

/** Silent for longer than this, a feed is unknown, not healthy. */
const quietMs = 15 * 60_000;

export function feedState(integration: Integration, now: number): FeedState {
  if (!integration.enabled) return 'off';
  if (integration.lastSeenAt === null) return 'never';
  return now - Date.parse(integration.lastSeenAt) <= quietMs ? 'reporting' : 'silent';
}

/** "No alerts" may only be said when something that would send them is known to work. */
export function anyReporting(integrations: Iterable<Integration>, now: number): boolean {
  for (const integration of integrations) if (feedState(integration, now) === 'reporting') return true;
  return false;
}

/** Nothing ever came in: the first run. */
export function neverReceived(integrations: Iterable<Integration>): boolean {
  for (const integration of integrations) if (integration.lastSeenAt !== null) return false;
  return true;
}
