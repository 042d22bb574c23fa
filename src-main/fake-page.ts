// What a page tells the shell, for its tests.
import type { PageState } from './bridge.ts';

export const center = 'https://ops.test';

/** Live, and nothing asks for anybody. */
export const calmPage: PageState = {
  serverUrl: center,
  serverName: 'Acme',
  freshness: 'live',
  latest: null,
  onCall: null,
  heldRole: null,
};
