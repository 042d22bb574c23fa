// What the address says the map shows, and back.
import { paths } from '../../paths.ts';
import type { View } from './scene.ts';

export interface MapView extends View {
  /** `overview`: every service as a dot, for catalogs that the graph shows as clusters. */
  form: 'graph' | 'overview' | 'table';
  peek: string | null;
}

const defaultHops = 2;

export function viewOf(params: Record<string, string>, query: URLSearchParams): MapView {
  const hops = Number(query.get('hops') ?? defaultHops);
  return {
    focus: params['id'] ?? null,
    hops: hops === 1 || hops === 3 ? hops : defaultHops,
    team: query.get('team'),
    kind: query.get('kind'),
    form: formOf(query.get('view')),
    peek: query.get('peek'),
  };
}

function formOf(said: string | null): MapView['form'] {
  return said === 'table' || said === 'overview' ? said : 'graph';
}

export function pathOf({ focus, hops, team, kind, form, peek }: MapView): string {
  const query: Record<string, string> = {};
  if (focus !== null && hops !== defaultHops) query['hops'] = `${hops}`;
  if (team !== null) query['team'] = team;
  if (kind !== null) query['kind'] = kind;
  if (form !== 'graph') query['view'] = form;
  if (peek !== null) query['peek'] = peek;
  return paths.map(focus, query);
}

/** One step out: the peek first, then the focus, then the cluster. */
export function stepBack(view: MapView): MapView | null {
  if (view.peek !== null) return { ...view, peek: null };
  if (view.focus !== null) return { ...view, focus: null, peek: null };
  if (view.kind !== null) return { ...view, kind: null };
  if (view.team !== null) return { ...view, team: null };
  return null;
}
