// Facts about incidents that several screens show, as functions of values.
import type { Incident, RoleSlot } from '#server/contract/incident.ts';
import type { Service } from '#server/contract/service.ts';
import { type Severity, severityRank } from '#server/contract/severity.ts';
import { capital, t, term } from '../../language/words.ts';

export function codeOf(incident: Pick<Incident, 'number'>): string {
  return incident.number === 0 ? 'new' : `INC-${incident.number}`;
}

export function isOpen(incident: Incident): boolean {
  return incident.status !== 'resolved' && incident.mergedInto === null;
}

/** Worst first, then what runs longest. */
export function byUrgency(a: Incident, b: Incident): number {
  return severityRank(a.severity) - severityRank(b.severity) || a.startedAt.localeCompare(b.startedAt);
}

export function openIncidents(rows: Iterable<Incident>): Incident[] {
  return [...rows].filter(isOpen).sort(byUrgency);
}

export function roleSlot(incident: Incident, role: string): RoleSlot | null {
  return incident.roles.find((slot) => slot.role === role) ?? null;
}

export function commanderOf(incident: Incident): RoleSlot | null {
  const slot = roleSlot(incident, 'commander');
  return slot === null || slot.userId === null ? null : slot;
}

/** The role that somebody would hand over: command first. */
export function roleHeldBy(incident: Incident, userId: string): string | null {
  const held = incident.roles.filter((slot) => slot.userId === userId).map((slot) => slot.role);
  return held.includes('commander') ? 'commander' : (held[0] ?? null);
}

export type UpdateDue = { kind: 'none' } | { kind: 'due'; leftMs: number } | { kind: 'overdue'; byMs: number };

export function updateDue(incident: Incident, now: number): UpdateDue {
  if (incident.nextUpdateDueAt === null || !isOpen(incident)) return { kind: 'none' };
  const leftMs = Date.parse(incident.nextUpdateDueAt) - now;
  return leftMs >= 0 ? { kind: 'due', leftMs } : { kind: 'overdue', byMs: -leftMs };
}

/** Minutes before the time at which the commander is warned. */
export const warnBeforeMs = 5 * 60_000;

/** What is missing, worst first, in two or three words each. */
export function gapsOf(incident: Incident): string[] {
  const gaps: string[] = [];
  if (commanderOf(incident) === null) gaps.push(t`no commander`);
  if (incident.severity === 'sev1' && (roleSlot(incident, 'scribe')?.userId ?? null) === null) gaps.push(t`no scribe`);
  if (incident.impact === null) gaps.push(t`no impact`);
  return gaps;
}

/** The first of its services that the catalog describes: the map stands around that one. */
export function describedOf(
  { services }: Pick<Incident, 'services'>,
  catalog: Iterable<Pick<Service, 'id' | 'name' | 'aliases'>>,
): string | null {
  const ids = new Map<string, string>();
  for (const { id, name, aliases } of catalog) for (const each of [name, ...aliases]) ids.set(each.toLowerCase(), id);
  return services.map((name) => ids.get(name.toLowerCase())).find((id) => id !== undefined) ?? null;
}

export function statusWord(incident: Incident): string {
  return capital(term(incident.status));
}

export const severityOptions: { value: Severity; label: string }[] = [
  { value: 'sev1', label: t`Severity 1` },
  { value: 'sev2', label: t`Severity 2` },
  { value: 'sev3', label: t`Severity 3` },
  { value: 'info', label: t`Info` },
];
