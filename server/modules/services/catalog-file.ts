// catalog.yaml: the services of the catalog as people write them, with the names of teams in place of ids.
import { z } from 'zod';
import { ShortText, StorableText, Title } from '#server/contract/primitives.ts';
import { LabelBinding, ServiceDraft, ServiceKind, ServiceName } from '#server/contract/service.ts';

const draft = ServiceDraft.shape;
const labelValue = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** One service, without its name; also what a program sends to save one. */
export const CatalogFileEntry = z.strictObject({
  kind: ServiceKind.default('service'),
  /** Where no team has this name, it stands as the owner. */
  team: StorableText.trim().min(1).max(200).nullable().default(null),
  tier: draft.tier.default(null),
  description: draft.description.default(''),
  links: z
    .array(
      draft.links.element.extend({
        kind: draft.links.element.shape.kind.default('other'),
        label: ShortText.optional(),
      }),
    )
    .max(30)
    .default([]),
  runbook: draft.runbook.default(null),
  journeys: z.array(Title).max(30).default([]),
  aliases: z.array(ServiceName).max(50).default([]),
  /** Alerts that carry all the labels of one of these are about the service. */
  match: z.array(z.record(z.string(), labelValue).pipe(LabelBinding)).max(50).default([]),
  dependsOn: z.array(ServiceName).max(200).default([]),
});
export type CatalogFileEntry = z.output<typeof CatalogFileEntry>;
export const CatalogFile = z.strictObject({ services: z.record(ServiceName, CatalogFileEntry) });

export const entryNames = Object.keys(CatalogFileEntry.shape);

/** The entry as a draft. A team that nobody has made yet stands as text. */
export function draftOf(
  name: string,
  entry: CatalogFileEntry,
  teamIdOf: (name: string) => string | null,
): ServiceDraft {
  const { team, links, match, ...rest } = entry;
  const teamId = team === null ? null : teamIdOf(team);
  return {
    ...rest,
    name,
    teamId,
    ownerText: teamId === null ? (team ?? '') : '',
    links: links.map((link) => ({ kind: link.kind, url: link.url, label: link.label ?? link.url })),
    bindings: match,
  };
}

/** The draft as it stands in a file: only what says something. */
export function inFile(service: ServiceDraft, teamNameOf: (id: string) => string | null): Record<string, unknown> {
  const team = (service.teamId === null ? null : teamNameOf(service.teamId)) ?? (service.ownerText || null);
  const { kind, tier, description, links, runbook, journeys, aliases, bindings, dependsOn } = service;
  const all = { kind, team, tier, description, links, runbook, journeys, aliases, match: bindings, dependsOn };
  return Object.fromEntries(
    Object.entries(all).filter(
      ([, value]) => value !== null && value !== '' && !(Array.isArray(value) && value.length === 0),
    ),
  );
}
