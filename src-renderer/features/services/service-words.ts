import type { Service, ServiceKind } from '#server/contract/service.ts';
import { plural, t } from '../../language/words.ts';
import type { Firing } from './service-graph.ts';

export const kindWords: Record<ServiceKind, string> = {
  service: t`Service`,
  database: t`Database`,
  queue: t`Queue`,
  cache: t`Cache`,
  network: t`Network`,
  host: t`Host`,
  external: t`External`,
};

export const sourceWords: Record<Service['source'], string | null> = {
  hand: null,
  catalog: t`from catalog.yaml`,
  backstage: t`from Backstage`,
};

export function firingWords(firing: Firing | undefined): string {
  if (firing === undefined) return t`No alert fires on it`;
  return t`${plural(firing.count, { one: '1 alert fires on it', other: '# alerts fire on it' })}`;
}
