// Backstage's catalog-info.yaml, as far as it says what a service is, whose it is, and what it depends on.
import { z } from 'zod';
import { Link } from '#server/contract/primitives.ts';
import type { ServiceKind } from '#server/contract/service.ts';
import type { CatalogFileEntry } from '#server/modules/services/catalog-file.ts';

/** What an entity says; what it leaves out stays as it is in the catalog. */
export interface BackstageService {
  name: string;
  given: Partial<CatalogFileEntry>;
  dependsOn: string[];
}

export interface Unmapped {
  what: string;
  why: string;
  suggestion: string;
}

const Text = z.string();
export const BackstageEntity = z.object({
  apiVersion: Text,
  kind: Text,
  metadata: z.object({
    name: Text.min(1).max(200),
    namespace: Text.optional(),
    title: Text.nullish(),
    description: Text.nullish(),
    annotations: z.record(z.string(), z.coerce.string()).nullish(),
    links: z.array(z.object({ url: Text, title: Text.nullish(), type: Text.nullish() })).nullish(),
  }),
  spec: z
    .object({
      type: Text.nullish(),
      owner: Text.nullish(),
      dependsOn: z.array(Text).nullish(),
      providesApis: z.array(Text).nullish(),
      consumesApis: z.array(Text).nullish(),
      profile: z.object({ displayName: Text.nullish() }).nullish(),
    })
    .nullish(),
});
export type BackstageEntity = z.infer<typeof BackstageEntity>;

/** Labels of alerts, which Backstage has no field for: `tocsin/match: app=checkout, env=prod`. */
const matchAnnotation = 'tocsin/match';
const tierAnnotation = 'tocsin/tier';

/** A set of entities, which may name one another. */
export function readBackstage(entities: readonly BackstageEntity[]): {
  services: BackstageService[];
  unmapped: Unmapped[];
} {
  const providers = new Map<string, string[]>();
  const teamNames = new Map<string, string>();
  const others = new Map<string, number>();
  for (const entity of entities) {
    for (const api of entity.spec?.providesApis ?? []) {
      const key = nameOfRef(api).toLowerCase();
      providers.set(key, [...(providers.get(key) ?? []), nameOf(entity)]);
    }
    const shown = entity.spec?.profile?.displayName ?? entity.metadata.title;
    if (entity.kind === 'Group' && typeof shown === 'string') teamNames.set(nameOf(entity).toLowerCase(), shown);
    if (!['Component', 'Resource', 'Group', 'User', 'API', 'Location'].includes(entity.kind))
      others.set(entity.kind, (others.get(entity.kind) ?? 0) + 1);
  }
  const services: BackstageService[] = [];
  const unmapped: Unmapped[] = [];
  for (const entity of entities) {
    if (entity.kind !== 'Component' && entity.kind !== 'Resource') continue;
    const { metadata, spec } = entity;
    const name = nameOf(entity);
    const called = new Set((spec?.dependsOn ?? []).filter((ref) => !/^(api|system|domain):/i.test(ref)).map(nameOfRef));
    for (const api of spec?.consumesApis ?? []) {
      const found = providers.get(nameOfRef(api).toLowerCase());
      if (found === undefined) {
        const why = 'No component of the file says that it provides this API.';
        unmapped.push({ what: `${name}: consumes ${api}`, why, suggestion: 'Name the component under dependsOn.' });
      }
      for (const provider of found ?? []) if (provider !== name) called.add(provider);
    }
    const owner = typeof spec?.owner === 'string' ? nameOfRef(spec.owner) : null;
    const given: Partial<CatalogFileEntry> = { kind: kindOf(entity.kind, spec?.type ?? ''), dependsOn: [...called] };
    if (owner !== null) given.team = teamNames.get(owner.toLowerCase()) ?? owner;
    if (typeof metadata.description === 'string') given.description = metadata.description.slice(0, 2_000);
    const title = metadata.title?.trim() ?? '';
    if (title !== '' && title !== name) given.aliases = [title];
    const links = linksOf(entity, unmapped);
    if (links.length > 0) given.links = links;
    const match = metadata.annotations?.[matchAnnotation];
    if (match !== undefined) given.match = matchOf(match);
    const tier = Number(metadata.annotations?.[tierAnnotation]);
    if ([1, 2, 3, 4].includes(tier)) given.tier = tier;
    services.push({ name, given, dependsOn: [...called] });
  }
  for (const [kind, count] of others) {
    const why = 'The catalog holds services and what they depend on, and nothing above them.';
    unmapped.push({ what: `${count} of kind ${kind}`, why, suggestion: 'Nothing is lost that alerts need.' });
  }
  return { services, unmapped };
}

/** `[kind:][namespace/]name`; the default namespace is left out. */
function nameOfRef(ref: string): string {
  const path = ref.slice(ref.indexOf(':') + 1);
  return path.startsWith('default/') ? path.slice('default/'.length) : path;
}

function nameOf({ metadata: { name, namespace = 'default' } }: BackstageEntity): string {
  return namespace === 'default' ? name : `${namespace}/${name}`;
}

function kindOf(kind: string, type: string): ServiceKind {
  const words: [RegExp, ServiceKind][] = [
    [/database|postgres|mysql|mongo|sql/i, 'database'],
    [/queue|topic|kafka|rabbit|stream/i, 'queue'],
    [/cache|redis|memcache/i, 'cache'],
    [/network|router|switch|load-?balancer|cdn|dns/i, 'network'],
    [/host|server|vm|machine|node/i, 'host'],
    [/external|third-?party|saas/i, 'external'],
  ];
  if (kind === 'Component') return /external|third-?party|saas/i.test(type) ? 'external' : 'service';
  return words.find(([word]) => word.test(type))?.[1] ?? 'service';
}

function linksOf({ metadata }: BackstageEntity, unmapped: Unmapped[]): CatalogFileEntry['links'] {
  const source = metadata.annotations?.['backstage.io/source-location']?.replace(/^url:/, '');
  const links = [
    ...(metadata.links ?? []).map(({ url, title, type }) => ({
      url,
      label: title ?? url,
      about: `${type ?? ''} ${title ?? ''}`,
    })),
    ...(source === undefined ? [] : [{ url: source, label: 'Source', about: 'source' }]),
  ];
  return links.slice(0, 30).flatMap(({ url, label, about }) => {
    if (!Link.safeParse(url).success) {
      const why = 'It is no address that can be opened.';
      unmapped.push({ what: `${metadata.name}: link ${label}`, why, suggestion: 'Begin it with https://.' });
      return [];
    }
    const kind = (['runbook', 'dashboard', 'source', 'docs', 'chat'] as const).find((word) =>
      about.toLowerCase().includes(word),
    );
    return [{ url, label: label.slice(0, 1_000), kind: kind ?? ('other' as const) }];
  });
}

function matchOf(text: string): Record<string, string>[] {
  const pairs = text.split(',').flatMap((pair): [string, string][] => {
    const at = pair.indexOf('=');
    return at < 1 ? [] : [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()]];
  });
  return pairs.length === 0 ? [] : [Object.fromEntries(pairs)];
}
