import { useMemo, useState } from 'react';
import type { Route } from '#server/contract/route.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import type { ScreenProps } from '../../screen-props.ts';
import { useCan, useFreshness, useReplica, useSubmit, useTable } from '../../session.tsx';
import { UnreadableDocuments } from '../config/unreadable-documents.tsx';
import { Button } from '../../ui/button.tsx';
import { useCommands } from '../../ui/commands.ts';
import { besideCommands } from '../../ui/list-keys.ts';
import { Empty } from '../../ui/empty.tsx';
import { Freshness } from '../../ui/freshness.tsx';
import { Title, TitleLevel } from '../../ui/title.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { useCanWrite, useDocumentActions } from '../config/use-document.ts';
import '../grouping/grouping.css';
import { moved } from '../grouping/rule-words.ts';
import { DeleteDocument } from './delete-document.tsx';
import { routeDraftOf, routesInOrder } from './route-draft.ts';
import { RouteEditor } from './route-editor.tsx';
import { RouteList } from './route-list.tsx';
import './routing.css';
import { RoutingTabs } from './routing-tabs.tsx';

const unreadableHere = ['route'] as const;

/** Where an incident's pages go: the first route that takes it decides. `#/routing/new` is one that is not saved yet. */
export function RoutingScreen({ params }: ScreenProps) {
  const table = useTable('route');
  const ready = useReplica((state) => state.ready);
  const fresh = useFreshness();
  const can = useCan();
  const cannot = useCanWrite('route');
  const submit = useSubmit();
  const { save } = useDocumentActions();
  const show = useToasts((state) => state.show);
  const [deleting, setDeleting] = useState<Route | null>(null);
  const routes = useMemo(() => routesInOrder(table.rows.values()), [table]);
  const wanted = params['id'] ?? null;
  const current = wanted === 'new' ? null : (routes.find(({ id }) => id === wanted) ?? routes[0]);
  const place = routes.findIndex(({ id }) => id === current?.id);

  const move = (routeId: string, by: number): void => {
    const ids = routes.filter(({ builtIn }) => !builtIn).map(({ id }) => id);
    void submit({ kind: 'route.order', routeIds: moved(ids, routeId, by) });
  };
  const switchRoute = async (route: Route, enabled: boolean): Promise<void> => {
    const saved = await save({ kind: 'route', draft: { ...routeDraftOf(route), enabled } }, route);
    const what = `${route.name} was not switched ${enabled ? 'on' : 'off'}`;
    if (saved.outcome === 'refused') show({ icon: 'refused', text: `${what}: ${saved.reason}` });
  };
  const go = (by: number): void => {
    const next = routes[Math.max(0, Math.min(routes.length - 1, place + by))];
    if (next !== undefined) navigate(paths.route(next.id));
  };
  const movable = current !== null && current !== undefined && !current.builtIn;
  const cannotMove = can('route.order') ?? (movable ? null : 'the catch-all stays last');
  useCommands([
    ...besideCommands(go, routes.length),
    {
      id: 'route.later',
      label: 'try later',
      hint: cannotMove === null,
      unavailable: cannotMove,
      run: () => current && move(current.id, 1),
    },
    {
      id: 'route.earlier',
      label: 'try earlier',
      hint: cannotMove === null,
      unavailable: cannotMove,
      run: () => current && move(current.id, -1),
    },
  ]);
  if (!ready) return null;
  return (
    <div className={wanted === null ? 'grouping' : 'grouping editing'}>
      <section className="grouping-left" aria-label="Routes">
        <header className="grouping-head">
          <TitleLevel value={wanted === null ? 1 : 2}>
            <Title>Routing</Title>
          </TitleLevel>
          <span className="small-text muted">
            <Freshness value={fresh} bare />
          </span>
          <span className="grow" />
          <Button icon="plus" unavailable={cannot} onPress={() => navigate(paths.route('new'))}>
            New route
          </Button>
        </header>
        <UnreadableDocuments kinds={unreadableHere} />
        <div className="routing-switch">
          <RoutingTabs current="routes" />
        </div>
        <p className="grouping-about">An incident goes to the first route that takes it, from the top.</p>
        {routes.length === 0 ? (
          <div className="screen-pad">
            <Empty title="No routes are known here">
              The server always has a catch-all. It arrives with the next connection.
            </Empty>
          </div>
        ) : (
          <RouteList
            routes={routes}
            current={wanted === 'new' ? null : (current?.id ?? null)}
            cannotOrder={can('route.order')}
            cannotWrite={cannot}
            onMove={move}
            onEnable={(route, enabled) => void switchRoute(route, enabled)}
            onDelete={setDeleting}
          />
        )}
      </section>
      <section className="grouping-right" aria-label="Route">
        <TitleLevel value={wanted === null ? 2 : 1}>
          {current === undefined ? null : (
            <RouteEditor
              key={current?.id ?? 'new'}
              route={current}
              place={place + 1}
              of={routes.length}
              onDelete={() => setDeleting(current)}
            />
          )}
        </TitleLevel>
      </section>
      {deleting === null ? null : (
        <DeleteDocument
          kind="route"
          id={deleting.id}
          title={`Delete the route ${deleting.name}?`}
          back={paths.routing()}
          onClose={() => setDeleting(null)}
        >
          What it took goes to the routes after it; at the end the catch-all takes it. What pages now goes on with the
          policy it has.
        </DeleteDocument>
      )}
    </div>
  );
}
