import type { Service, ServiceDraft } from '#server/contract/service.ts';
import type { Tx } from '#server/database/transaction.ts';

/** A service as it is stored. */
export interface ServiceState {
  id: string;
  version: number;
  /** The version that changed more than its place on the map. */
  draftVersion: number;
  draft: ServiceDraft;
  pin: Service['pin'];
  source: Service['source'];
  updatedBy: string | null;
  updatedAt: string;
}

/** What depends on what, by id; names that stand for no service lead nowhere. */
export interface ServiceGraph {
  nameOf(serviceId: string): string | null;
  /** What it depends on, in the order of their names. */
  below(serviceId: string): readonly string[];
  /** What depends on it, in the order of their names. */
  above(serviceId: string): readonly string[];
}

export interface Bound {
  serviceId: string;
  name: string;
  /** In words: which rule or name it was. */
  why: string;
}

/** The catalog as alerts need it: made once a revision, never changed. */
export interface CatalogIndex {
  revision: number;
  graph: ServiceGraph;
  /** Of which service an alert is. */
  bind(alert: { service: string | null; labels: Readonly<Record<string, string>> }): Bound | null;
}

/** The index as of this transaction. */
export interface Catalog<T = Tx> {
  index(tx: T): Promise<CatalogIndex>;
}

export function publicService(state: ServiceState): Service {
  const { id, version, draft, pin, source, updatedBy, updatedAt } = state;
  const { runbook, ...shown } = draft;
  return { ...shown, id, version, hasRunbook: runbook !== null, pin, source, updatedBy, updatedAt };
}

/** Names are compared without regard to case. */
export function keyOfName(name: string): string {
  return name.toLowerCase();
}
