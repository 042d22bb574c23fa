// The desktop is no provider: clients that are signed in as the person see the page in their copy of the data, show it,
// and say so (`pages.receipt`). What the other channels describe by their type is described here.
import type { ContactKind } from '#server/contract/channel.ts';

export const desktop = {
  kind: 'desktop' satisfies ContactKind,
  /** Then another try counts; a little under 60 s, so that the person's next way starts within them. */
  receiptWaitMs: 57_000,
  notConnected: 'no desktop is connected',
  notShown: 'no desktop showed it within a minute',
} as const;
