// What a turn of paging knows of the world. Gathered once a batch.
import type { Severity } from '#server/contract/severity.ts';
import type { IncidentStatus } from '#server/contract/incident.ts';
import type { PermissionRole } from '#server/contract/people.ts';
import type { Tx } from '#server/database/transaction.ts';
import type { PagingConfig } from '#server/modules/config/state.ts';
import type { OpenIncident } from '#server/modules/routing/inhibit.ts';

export interface WorstAlert {
  title: string;
  severity: string;
  service: string | null;
  source: string;
  fingerprint: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

/** One incident as paging sees it. */
export interface PagedIncident {
  id: string;
  number: number;
  version: number;
  title: string;
  severity: Severity;
  status: IncidentStatus;
  services: string[];
  declared: boolean;
  alertCount: number;
  restrictedTo: string[] | null;
  /** Its worst firing alert, the oldest of those; else its latest one; null when it has none. */
  worst: WorstAlert | null;
  firing: number;
  suppressed: number;
  /** Silence id → how many of its firing alerts it suppresses. */
  suppressedBy: Record<string, number>;
}

export interface PagedPerson {
  id: string;
  name: string;
  role: PermissionRole;
  disabled: boolean;
  teamIds: string[];
}

export interface PagingWorld {
  config: PagingConfig;
  people: ReadonlyMap<string, PagedPerson>;
  teams: ReadonlyMap<string, { id: string; name: string; memberIds: string[] }>;
  /** Active ones. */
  silences: readonly { id: string; name: string }[];
  /** Open ones that may be the cause of others; empty when no inhibition is in force. */
  open: OpenIncident[];
  mode: 'live' | 'shadow' | 'paused';
  /** Told too when the ordinary way fails. */
  fallbackChannelId: string | null;
}

export interface PagingFactsReader<T = Tx> {
  incidents(tx: T, ids: readonly string[]): Promise<PagedIncident[]>;
  people(tx: T): Promise<{ people: PagedPerson[]; teams: { id: string; name: string }[] }>;
  silences(tx: T, at: string): Promise<{ id: string; name: string }[]>;
  /** Open incidents with their worst alert and whether their paging is held. Serialises who asks until the commit. */
  openIncidents(tx: T): Promise<(PagedIncident & { held: boolean })[]>;
}
