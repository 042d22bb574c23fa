import { matchPath } from '../../navigation.ts';

const patterns: readonly [pattern: string, entity: string][] = [
  ['/incidents/:id/:focus?', 'incident'],
  ['/oncall/:id', 'schedule'],
  ['/policies/:id', 'policy'],
  ['/routing/:id', 'route'],
  ['/channels/:id', 'channel'],
  ['/integrations/:id', 'integration'],
  ['/people/:id', 'user'],
  ['/inhibitions/:id', 'inhibition'],
  ['/heartbeats/:id', 'monitor'],
  ['/stakeholders/:id', 'stakeholderList'],
  ['/grouping/:id', 'rule'],
  ['/services/:id/:view?', 'service'],
];

/** What an address shows, by the name the palette keeps it under; null for a screen of many things. */
export function visitedKey(path: string, query: URLSearchParams): string | null {
  const peek = query.get('peek');
  if (path === '/alerts' && peek !== null) return `alert:${peek}`;
  for (const [pattern, entity] of patterns) {
    const id = matchPath(pattern, path)?.['id'];
    if (id !== undefined && id !== 'new') return `${entity}:${id}`;
  }
  return null;
}
