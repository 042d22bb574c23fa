import { useMemo, useState } from 'react';
import type { Route } from '#server/contract/route.ts';
import { t } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import type { ScreenProps } from '../../screen-props.ts';
import { useCan, useReplica, useSubmit, useTable } from '../../session.tsx';
import { UnreadableDocuments } from '../config/unreadable-documents.tsx';
import { Button } from '../../ui/button.tsx';
import { useCommands } from '../../ui/commands.ts';
import { Empty } from '../../ui/empty.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { useCanWrite, useDocumentActions } from '../config/use-document.ts';
import '../grouping/grouping.css';
import { moved } from '../grouping/rule-words.ts';
import { ListAndEditor, useChosen } from '../config/list-and-editor.tsx';
import { DeleteDocument } from '../config/delete-document.tsx';
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
  const can = useCan();
  const cannot = useCanWrite('route');
  const submit = useSubmit();
  const { save } = useDocumentActions();
  const show = useToasts((state) => state.show);
  const [deleting, setDeleting] = useState<Route | null>(null);
  const routes = useMemo(() => routesInOrder(table.rows.values()), [table]);
  const wanted = params['id'] ?? null;
  const current = useChosen(routes, wanted, paths.route);
  const place = routes.findIndex(({ id }) => id === current?.id);

  const move = (routeId: string, by: number): void => {
    const ids = routes.filter(({ builtIn }) => !builtIn).map(({ id }) => id);
    void submit({ kind: 'route.order', routeIds: moved(ids, routeId, by) });
  };
  const switchRoute = async (route: Route, enabled: boolean): Promise<void> => {
    const saved = await save({ kind: 'route', draft: { ...routeDraftOf(route), enabled } }, route);
    const what = enabled ? t`${route.name} was not switched on` : t`${route.name} was not switched off`;
    if (saved.outcome === 'refused') show({ icon: 'refused', text: `${what}: ${saved.reason}` });
  };
  const movable = current !== null && current !== undefined && !current.builtIn;
  const cannotMove = can('route.order') ?? (movable ? null : t`the catch-all stays last`);
  useCommands([
    {
      id: 'route.later',
      label: t`try later`,
      hint: cannotMove === null,
      unavailable: cannotMove,
      run: () => current && move(current.id, 1),
    },
    {
      id: 'route.earlier',
      label: t`try earlier`,
      hint: cannotMove === null,
      unavailable: cannotMove,
      run: () => current && move(current.id, -1),
    },
  ]);
  if (!ready) return null;
  return (
    <ListAndEditor
      heading={t`Routing`}
      listLabel={t`Routes`}
      editorLabel={t`Route`}
      wanted={wanted}
      action={
        <Button icon="plus" unavailable={cannot} onPress={() => navigate(paths.route('new'))}>
          {t`New route`}
        </Button>
      }
      above={
        <>
          <UnreadableDocuments kinds={unreadableHere} />
          <RoutingTabs current="routes" />
        </>
      }
      about={t`An incident goes to the first route that takes it, from the top.`}
      list={
        routes.length === 0 ? (
          <div className="screen-pad">
            <Empty title={t`No routes are known here`}>
              {t`The server always has a catch-all. It arrives with the next connection.`}
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
        )
      }
      editor={
        current === undefined ? null : (
          <RouteEditor
            key={current?.id ?? 'new'}
            route={current}
            place={place + 1}
            of={routes.length}
            onDelete={() => setDeleting(current)}
          />
        )
      }
      dialog={
        deleting === null ? null : (
          <DeleteDocument
            kind="route"
            id={deleting.id}
            title={t`Delete the route ${deleting.name}?`}
            back={paths.routing()}
            onClose={() => setDeleting(null)}
          >
            {t`What it took goes to the routes after it; at the end the catch-all takes it. What pages now goes on with the policy it has.`}
          </DeleteDocument>
        )
      }
    />
  );
}
