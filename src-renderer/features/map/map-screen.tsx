import { useEffect, useMemo, useRef, useState } from 'react';
import { t } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import type { ScreenProps } from '../../screen-props.ts';
import { useCan, useSubmit } from '../../session.tsx';
import type { GraphHandle } from '../../ui/graph/graph-canvas.tsx';
import type { Place, Places } from '../../ui/graph/places.ts';
import { rowHeightOf, usePreferences } from '../../ui/preferences.ts';
import { Split } from '../../ui/split.tsx';
import { useMedia } from '../../ui/use-media.ts';
import { useSteady } from '../../ui/use-steady.ts';
import { MapEmpty } from './map-empty.tsx';
import { MapControls, MapHead, OverviewLegend } from './map-head.tsx';
import './map.css';
import { captionsOf, edgeLooks, type Looking, matches, nodeLooks } from './map-looks.ts';
import { MapPane } from './map-pane.tsx';
import { MapPicture } from './map-picture.tsx';
import { MapTable } from './map-table.tsx';
import { pathOf, stepBack, viewOf, type MapView } from './map-view.ts';
import { follow, inOrder } from './moves.ts';
import { Overview } from './overview.tsx';
import { reach } from './reach.ts';
import { drawnMax } from './scene.ts';
import { type TableRow, tableRows } from './table-rows.ts';
import { useMap } from './use-map.ts';
import { useMapKeys } from './use-map-keys.ts';
import { useNodeFit } from './use-node-fit.ts';
import { usePlaces } from './use-places.ts';

const noPlaces: Places = new Map();
const none: readonly string[] = [];

export function MapScreen({ params, query }: ScreenProps) {
  const asked = viewOf(params, query);
  const phone = useMedia('(max-width: 640px)');
  const form = phone ? 'table' : asked.form;
  const view: MapView = { ...asked, form };
  const facts = useMap(view);
  const { graph, health, scene, pins } = facts;
  const focus = view.focus !== null && graph.nodes.has(view.focus) ? view.focus : null;
  const { placed, again } = usePlaces(form === 'graph' ? scene : null, pins);
  const places = placed?.places ?? noPlaces;
  const [cursor, setCursor] = useState<string | null>(view.peek ?? focus);
  const [search, setSearch] = useState('');
  const [blastWay, setBlastWay] = useState<'up' | 'down' | 'off'>('up');
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const searchRef = useRef<HTMLInputElement>(null);
  const graphRef = useRef<GraphHandle>(null);
  const can = useCan();
  const submit = useSubmit();
  const noPin = can('service.pin');
  const density = usePreferences((state) => state.density);
  const go = (change: Partial<MapView>): void => navigate(pathOf({ ...view, form: asked.form, ...change }));

  const centre = view.peek ?? focus;
  const blast = useMemo(
    () => (centre === null || blastWay === 'off' ? null : new Set(reach(graph, centre, blastWay).keys())),
    [graph, centre, blastWay],
  );
  const fit = useNodeFit();
  const looking: Looking = useMemo(
    () => ({ ...facts, cursor, focus, centre, blast, search: search.trim(), movable: noPin === null, fit }),
    [facts, cursor, focus, centre, blast, search, noPin, fit],
  );
  const nodes = useMemo(() => nodeLooks(looking), [looking]);
  const edges = useMemo(() => edgeLooks(looking), [looking]);
  const region = useMemo(
    () =>
      blast === null || blast.size < 2
        ? none
        : scene.nodes.filter((node) => node.opens === null && blast.has(node.id)).map(({ id }) => id),
    [blast, scene],
  );
  const captions = useMemo(() => captionsOf(scene, places, graph), [scene, places, graph]);
  const order = useMemo(() => inOrder([...places.keys()], places), [places]);
  const within = useMemo(
    () => (scene.left === 0 || form === 'overview' ? null : new Set(scene.nodes.flatMap(({ members }) => members))),
    [scene, form],
  );
  const rows = useMemo(
    () => tableRows({ graph, health, teamName: facts.teamName, within, search, folded }),
    [graph, health, facts.teamName, within, search, folded],
  );

  const ids = useMemo(
    () =>
      form === 'graph' ? order : rows.flatMap(({ kind, id }) => (form === 'table' || kind === 'service' ? [id] : [])),
    [form, order, rows],
  );
  const point = (id: string | null): void => {
    setCursor(id);
    if (id === null) return;
    graphRef.current?.show(id);
    if (view.peek !== null && graph.nodes.has(id)) navigate(pathOf({ ...view, peek: id }), { replace: true });
  };
  const fold = (team: string, open: boolean): void =>
    setFolded((before) => {
      const next = new Set(before);
      if (open) next.delete(team);
      else next.add(team);
      return next;
    });
  const open = (id: string | null): void => {
    const node = scene.nodes.find((each) => each.id === id);
    if (node !== undefined && node.opens !== null && form === 'graph') {
      setCursor(null);
      go({ ...node.opens, peek: null });
    } else if (id?.startsWith('team:') === true) fold(id.slice(5), folded.has(id.slice(5)));
    else if (id !== null && graph.nodes.has(id)) {
      setCursor(id);
      go({ focus: id, ...(form === 'overview' ? { form: 'graph' } : {}) });
    }
  };
  const pinAt = (id: string, place: Place | null): void =>
    void submit({ kind: 'service.pin', serviceId: id, pin: place });
  const pinnable = cursor !== null && (graph.nodes.get(cursor)?.service ?? null) !== null;
  const pin = (): void => {
    const place = cursor === null ? undefined : places.get(cursor);
    if (cursor !== null && place !== undefined) pinAt(cursor, pins.has(cursor) ? null : place);
  };
  const back = stepBack({ ...view, focus });
  const atCursor = cursor === null ? undefined : graph.nodes.get(cursor);

  useMapKeys({
    form,
    count: ids.length,
    about:
      (atCursor?.service ?? null) === null || atCursor === undefined
        ? null
        : { entity: 'service', id: atCursor.id, title: atCursor.name },
    openWord: atCursor === undefined ? t`open` : t`focus`,
    hops: view.hops,
    focused: focus !== null,
    noPin,
    pinnable,
    move: (by) => {
      const at = cursor === null ? -1 : ids.indexOf(cursor);
      point(ids[Math.max(0, Math.min(ids.length - 1, at < 0 ? 0 : at + by))] ?? null);
    },
    follow: (way) => {
      const from = cursor ?? focus ?? order[0] ?? null;
      if (from !== null) point(cursor === null ? from : (follow(from, way, scene.edges, places) ?? from));
    },
    fold: (opened) => {
      const row = rows.find(({ id }) => id === cursor);
      if (row?.kind === 'team') fold(row.id.slice(5), opened);
    },
    open: () => open(cursor),
    peek: () => {
      if (cursor !== null && graph.nodes.has(cursor)) go({ peek: view.peek === cursor ? null : cursor });
    },
    back: search !== '' ? () => setSearch('') : back === null ? null : () => go(back),
    search: () => searchRef.current?.focus(),
    turn: () => navigate(pathOf({ ...view, form: form === 'table' ? 'graph' : 'table' }), { replace: true }),
    overview:
      phone || form === 'overview' || graph.nodes.size <= drawnMax
        ? null
        : () => navigate(pathOf({ ...view, form: 'overview', focus: null }), { replace: true }),
    pin,
    nudge: (x, y) => {
      const place = cursor === null ? undefined : places.get(cursor);
      if (cursor !== null && place !== undefined) pinAt(cursor, { x: place.x + x, y: place.y + y });
    },
    blast: () => setBlastWay((before) => (before === 'up' ? 'down' : before === 'down' ? 'off' : 'up')),
    setHops: (hops) => go({ hops }),
    zoom: (by) => graphRef.current?.zoom(by),
    fit: () => graphRef.current?.fit(),
    again,
  });

  const press = useSteady((id: string | null) => {
    setCursor(id);
    if (id !== null && graph.nodes.has(id)) go({ peek: id });
  });
  const enter = useSteady((id: string) => open(id));
  const moved = useSteady((id: string, place: Place) => pinAt(id, place));
  const pressRow = useSteady((row: TableRow) => {
    setCursor(row.id);
    if (row.kind === 'team') fold(row.id.slice(5), !row.open);
    else go({ peek: row.id });
  });
  const openRow = useSteady((row: TableRow) => {
    if (row.kind === 'service') open(row.id);
  });
  const findFirst = (): void => {
    const found =
      form !== 'graph'
        ? rows.find(({ kind }) => kind === 'service')?.id
        : scene.nodes.find((node) => matches(node, { graph, search }))?.id;
    if (found === undefined) return;
    point(found);
    searchRef.current?.blur();
  };

  // The pane takes its room from the picture, which is told its new width within a frame.
  useEffect(() => {
    let asked = requestAnimationFrame(() => {
      asked = requestAnimationFrame(() => {
        if (view.peek !== null) graphRef.current?.show(view.peek);
      });
    });
    return () => cancelAnimationFrame(asked);
  }, [view.peek]);

  const peeked = view.peek === null ? undefined : graph.nodes.get(view.peek);
  const centreHealth = centre === null ? undefined : health.get(centre);
  if (graph.nodes.size === 0) return <MapEmpty />;
  return (
    <Split
      name="map"
      label={t`Width of the service`}
      sized="end"
      size={340}
      least={{ start: 320, end: 260 }}
      stackAt={640}
      start={
        <section className="map-main" aria-label={t`Service map`}>
          <MapHead
            view={view}
            facts={facts}
            phone={phone}
            focusName={focus === null ? null : (graph.nodes.get(focus)?.name ?? null)}
            gone={view.focus !== null && focus === null}
            blast={blastWay}
            blastCount={centre === null || blast === null ? null : Math.max(0, blast.size - 1)}
            search={search}
            searchRef={searchRef}
            found={search.trim() === '' ? null : scene.nodes.filter((node) => matches(node, { graph, search })).length}
            onSearch={setSearch}
            onFind={findFirst}
            onBlast={setBlastWay}
            onView={go}
          />
          {form === 'table' ? (
            <MapTable
              rows={rows}
              cursor={cursor}
              rowHeight={rowHeightOf(density)}
              old={!facts.fresh}
              onPress={pressRow}
              onOpen={openRow}
            />
          ) : form === 'overview' ? (
            <div
              className={facts.fresh ? 'map-picture' : 'map-picture old'}
              role="group"
              tabIndex={0}
              aria-label={t`Overview`}
            >
              <Overview
                facts={facts}
                cursor={cursor}
                search={search}
                handle={graphRef}
                onPress={press}
                onOpen={enter}
              />
              <OverviewLegend />
              <MapControls graph={graphRef} />
            </div>
          ) : (
            <MapPicture
              scene={scene}
              placed={placed}
              fresh={facts.fresh}
              centre={centreHealth?.mark}
              graphRef={graphRef}
              nodes={nodes}
              edges={edges}
              region={region}
              captions={captions}
              onPress={press}
              onOpen={enter}
              onMove={moved}
            />
          )}
        </section>
      }
      end={
        peeked === undefined ? null : (
          <MapPane
            node={peeked}
            facts={facts}
            hops={view.hops}
            focused={focus === peeked.id}
            pinned={pins.has(peeked.id)}
            noPin={form !== 'graph' ? t`places are pinned on the graph` : noPin}
            onPick={(id) => {
              point(id);
              go({ peek: id });
            }}
            onFocus={() => open(peeked.id)}
            onPin={pin}
            onClose={() => go({ peek: null })}
          />
        )
      }
    />
  );
}
