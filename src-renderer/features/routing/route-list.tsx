import { type DragEvent, useState } from 'react';
import type { Route } from '#server/contract/route.ts';
import { paths } from '../../paths.ts';
import { useTable } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Menu, type MenuAction } from '../../ui/menu.tsx';

interface RouteListProps {
  /** In the order of trial, the catch-all last. */
  routes: readonly Route[];
  current: string | null;
  cannotOrder: string | null;
  cannotWrite: string | null;
  onMove: (routeId: string, by: number) => void;
  onEnable: (route: Route, enabled: boolean) => void;
  onDelete: (route: Route) => void;
}

export function RouteList(props: RouteListProps) {
  const { routes, current, cannotOrder, cannotWrite, onMove, onEnable, onDelete } = props;
  const policies = useTable('policy');
  const [dragged, setDragged] = useState<string | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const movable = routes.filter(({ builtIn }) => !builtIn);

  const drop = (target: Route): void => {
    if (dragged !== null) {
      const from = movable.findIndex(({ id }) => id === dragged);
      const to = target.builtIn ? movable.length - 1 : movable.findIndex(({ id }) => id === target.id);
      if (from !== to) onMove(dragged, to - from);
    }
    setDragged(null);
    setOver(null);
  };

  return (
    <ol className="rule-list" aria-label="Routes in the order they are tried">
      {routes.map((route, i) => {
        const policy = route.policyId === null ? null : policies.rows.get(route.policyId);
        return (
          <li
            key={route.id}
            className={[
              'rule-item',
              route.id === current ? 'focused' : '',
              route.enabled ? '' : 'disabled',
              over === route.id && dragged !== null ? 'over' : '',
            ].join(' ')}
            draggable={!route.builtIn && cannotOrder === null}
            onDragStart={() => setDragged(route.id)}
            onDragEnd={() => setDragged(null)}
            onDragOver={(event: DragEvent) => {
              event.preventDefault();
              setOver(route.id);
            }}
            onDrop={() => drop(route)}
          >
            <span className="rule-place">{i + 1}</span>
            <a
              className="rule-link"
              href={paths.route(route.id)}
              aria-current={route.id === current ? 'true' : undefined}
            >
              <span className="row">
                <span className="clip medium">{route.name}</span>
                {route.builtIn ? <span className="chip outlined">catch-all</span> : null}
                {route.enabled ? null : <span className="chip dashed">off</span>}
              </span>
              <span className="mono faint clip">{route.builtIn ? 'what is left' : route.condition}</span>
              <span className="small-text clip">
                {route.policyId === null ? (
                  <b className="route-nobody">pages nobody</b>
                ) : policy === undefined ? (
                  <b className="route-nobody">its policy is gone</b>
                ) : (
                  <span className="muted">→ {policy?.name}</span>
                )}
              </span>
            </a>
            {route.builtIn ? (
              <span className="rule-fixed" title="Always last: what no route takes ends here">
                <Icon name="pin" small />
              </span>
            ) : (
              <Menu
                label={`Route ${route.name}`}
                trigger={<Button look="ghost" compact icon="dots" aria-label={`Actions for ${route.name}`} />}
                actions={actionsOf(route)}
              />
            )}
          </li>
        );
      })}
    </ol>
  );

  function actionsOf(route: Route): MenuAction[] {
    const place = movable.findIndex(({ id }) => id === route.id);
    return [
      {
        id: 'up',
        label: 'Try earlier',
        run: () => onMove(route.id, -1),
        unavailable: cannotOrder ?? (place === 0 ? 'it is first' : null),
      },
      {
        id: 'down',
        label: 'Try later',
        run: () => onMove(route.id, 1),
        unavailable: cannotOrder ?? (place === movable.length - 1 ? 'only the catch-all follows' : null),
      },
      {
        id: 'enable',
        label: route.enabled ? 'Switch off' : 'Switch on',
        run: () => onEnable(route, !route.enabled),
        unavailable: cannotWrite,
      },
      { id: 'delete', label: 'Delete…', icon: 'trash', run: () => onDelete(route), unavailable: cannotWrite },
    ];
  }
}
