import { useMemo, useSyncExternalStore } from 'react';

export interface Location {
  /** Without the hash sign, starting with a slash. */
  path: string;
  query: URLSearchParams;
}

export function useLocation(): Location {
  const hash = useSyncExternalStore(onHashChange, () => window.location.hash);
  return useMemo(() => parseHash(hash), [hash]);
}

/** `to` comes from paths.ts. */
export function navigate(to: string, options: { replace?: boolean } = {}): void {
  if (options.replace === true) {
    window.history.replaceState(null, '', to);
    window.dispatchEvent(new HashChangeEvent('hashchange'));
    return;
  }
  window.location.hash = to;
}

export function parseHash(hash: string): Location {
  const text = hash.replace(/^#/, '');
  const [path = '', query = ''] = text.split('?', 2);
  return { path: path === '' ? '/' : path, query: new URLSearchParams(query) };
}

/** `/incidents/:id` against `/incidents/42` gives `{ id: '42' }`; a `?` after a name makes that part optional. */
export function matchPath(pattern: string, path: string): Record<string, string> | null {
  const want = pattern.split('/').filter((part) => part !== '');
  const have = path.split('/').filter((part) => part !== '');
  if (have.length > want.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of want.entries()) {
    const value = have[index];
    if (part.startsWith(':')) {
      const optional = part.endsWith('?');
      if (value === undefined) {
        if (!optional) return null;
        continue;
      }
      params[part.slice(1, optional ? -1 : undefined)] = decode(value);
    } else if (value !== part) return null;
  }
  return params;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function onHashChange(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}
