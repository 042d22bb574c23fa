import type { IntegrationKind } from '#server/contract/integration.ts';
import type { Signal } from '#server/contract/signal.ts';

/** The shapes that are posted, and `heartbeat`, which our own monitors write. A log record's `type` is its format. */
export type Format = 'alertmanager' | 'alertmanager-api' | 'events-v2' | 'change' | 'grafana' | 'generic' | 'heartbeat';
export type SourceKind = IntegrationKind | 'heartbeat';

/** What is known about an item beside the item. */
export interface Envelope {
  integrationId: string;
  source: SourceKind;
  receivedAt: number;
}

export type Normalised<S extends Signal = Signal> = { ok: true; signal: S } | { ok: false; reason: string };

/** What the accepting side needs to know of an item. A change event has no key. */
type Checked = { ok: true; dedupKey: string | null } | { ok: false; reason: string };

export type Split = { ok: true; items: unknown[] } | { ok: false; reason: string };

export interface Source {
  format: Format;
  kind: SourceKind;
  /** The items of a posted body. `newKey` names what came without a key of its own. */
  split(body: unknown, newKey: () => string): Split;
  /** Whether it can be normalised, and its key. Pure, as is the next; this one runs for every post and does no more. */
  check(item: unknown, envelope: Envelope): Checked;
  /** Everything the item says. Runs in the consumer, and refuses what `check` refuses. */
  normalise(item: unknown, envelope: Envelope): Normalised;
}
