// The catalog: what there is to break, who owns it, and what depends on what.
import { z } from 'zod';
import { PlannedChange } from '#server/contract/config.ts';
import { Id, Instant, Link, ShortText, StorableText, Title } from '#server/contract/primitives.ts';

export const ServiceName = StorableText.trim().min(1).max(200);
export const serviceKinds = ['service', 'database', 'queue', 'cache', 'network', 'host', 'external'] as const;
export const ServiceKind = z.enum(serviceKinds);
export type ServiceKind = z.infer<typeof ServiceKind>;

export const serviceLinkKinds = ['runbook', 'dashboard', 'source', 'docs', 'chat', 'other'] as const;

/** Labels that an alert has to carry, all of them and with these values, to be about the service. */
export const LabelBinding = z
  .record(StorableText.trim().min(1).max(200), StorableText.max(500))
  .refine((labels) => Object.keys(labels).length > 0, 'has to name at least one label')
  .refine((labels) => Object.keys(labels).length <= 20, 'has to name at most 20 labels');

export const ServiceDraft = z.object({
  name: ServiceName,
  kind: ServiceKind,
  teamId: Id.nullable(),
  /** The owner as a file says it, where no team has that name. */
  ownerText: StorableText.max(200),
  /** 1 is what customers notice first. */
  tier: z.int().min(1).max(4).nullable(),
  description: StorableText.max(2_000),
  links: z.array(z.object({ kind: z.enum(serviceLinkKinds), label: ShortText, url: Link })).max(30),
  /** Markdown. */
  runbook: StorableText.max(20_000).nullable(),
  /** What people cannot do when it is down. */
  journeys: z.array(Title).max(30),
  /** Other names by which alerts call it. */
  aliases: z.array(ServiceName).max(50),
  bindings: z.array(LabelBinding).max(50),
  /** Names: a file may name one that comes later, and one that nobody described is shown as unknown. */
  dependsOn: z.array(ServiceName).max(200),
});
export type ServiceDraft = z.infer<typeof ServiceDraft>;

export const ServicePin = z.object({ x: z.number().min(-1e6).max(1e6), y: z.number().min(-1e6).max(1e6) });

/** As clients hold it: without the runbook, of which ten thousand would not fit. */
export const Service = ServiceDraft.omit({ runbook: true }).extend({
  id: Id,
  version: z.int(),
  hasRunbook: z.boolean(),
  source: z.enum(['hand', 'catalog', 'backstage']),
  /** Where on the map a person put it. */
  pin: ServicePin.nullable(),
  updatedBy: Id.nullable(),
  updatedAt: Instant,
});
export type Service = z.infer<typeof Service>;

/** One service in full, with its neighbours and how it is now, as far as the reader may see its alerts. */
export const ServiceDetail = Service.extend({
  runbook: z.string().nullable(),
  usedBy: z.array(z.string()),
  /** Names it depends on that stand for no service of the catalog. */
  unknown: z.array(z.string()),
  health: z.enum(['sev1', 'sev2', 'sev3', 'info', 'ok']),
});
export type ServiceDetail = z.infer<typeof ServiceDetail>;

export const catalogFormats = ['auto', 'catalog', 'backstage'] as const;

/** What an apply of a file would do, or did. `errors` refuse the whole of it. */
export const CatalogPlan = z.object({
  changes: z.array(PlannedChange),
  errors: z.array(z.object({ path: z.string(), reason: z.string() })),
  /** Of a Backstage file: what the catalog has no place for. */
  unmapped: z.array(z.object({ what: z.string(), why: z.string(), suggestion: z.string() })),
  /** Names what was planned on; an apply to another state is refused. */
  basis: z.string(),
});
export type CatalogPlan = z.infer<typeof CatalogPlan>;

/** Services in a catalog. */
export const servicesMax = 10_000;
