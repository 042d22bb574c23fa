import type { Ref, RefObject } from 'react';
import { numberText, plural, t } from '../../language/words.ts';
import { Button } from '../../ui/button.tsx';
import type { GraphHandle } from '../../ui/graph/graph-canvas.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Mark } from '../../ui/mark.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { TextField } from '../../ui/text-field.tsx';
import type { MapView } from './map-view.ts';
import { servicesWords } from './map-words.ts';
import { drawnMax, kindWords, type Scene, teamWords } from './scene.ts';
import type { MapFacts } from './use-map.ts';

interface HeadProps {
  view: MapView;
  facts: MapFacts;
  phone: boolean;
  focusName: string | null;
  /** The service that the address names is not in the catalog. */
  gone: boolean;
  blast: 'up' | 'down' | 'off';
  blastCount: number | null;
  search: string;
  searchRef: Ref<HTMLInputElement>;
  found: number | null;
  onSearch: (text: string) => void;
  onFind: () => void;
  onBlast: (way: 'up' | 'down' | 'off') => void;
  onView: (change: Partial<MapView>) => void;
}

export function MapHead(props: HeadProps) {
  const { view, facts, phone, focusName, blast, blastCount, found, onView } = props;
  return (
    <>
      <header className="map-head row wrap">
        <h1 className="title">{t`Map`}</h1>
        {focusName === null ? (
          <Crumb view={view} onView={onView} />
        ) : (
          <>
            <Button compact icon="close" aria-label={t`Leave ${focusName}`} onPress={() => onView({ focus: null })}>
              {focusName}
            </Button>
            <Segmented
              label={t`Hops`}
              options={[
                { value: '1', label: t`${plural(view.hops, { one: '1 hop', other: '1' })}` },
                { value: '2', label: view.hops === 2 ? t`2 hops` : '2' },
                { value: '3', label: view.hops === 3 ? t`3 hops` : '3' },
              ]}
              value={`${view.hops}` as '1' | '2' | '3'}
              onChange={(hops) => onView({ hops: Number(hops) })}
            />
          </>
        )}
        <form
          className="map-search"
          role="search"
          onSubmit={(event) => {
            event.preventDefault();
            props.onFind();
          }}
        >
          <TextField
            label={t`Search services`}
            hideLabel
            placeholder={t`Search services`}
            value={props.search}
            onChange={props.onSearch}
            inputRef={props.searchRef as RefObject<HTMLInputElement | null>}
          />
        </form>
        {found === null ? null : (
          <span className="small-text muted" role="status">
            {found === 0 ? t`none here` : t`${numberText(found)} here`}
          </span>
        )}
        <span className="grow" />
        {phone ? null : (
          <>
            {view.form !== 'graph' ? null : (
              <Segmented
                label={t`Blast radius`}
                options={[
                  { value: 'up', label: t`Breaks with it` },
                  { value: 'down', label: t`It needs` },
                  { value: 'off', label: t`Off` },
                ]}
                value={blast}
                onChange={props.onBlast}
              />
            )}
            <Segmented
              label={t`Form`}
              options={[
                { value: 'graph', label: t`Graph` },
                ...(view.form === 'overview' || facts.graph.nodes.size > drawnMax
                  ? [{ value: 'overview', label: t`Overview` } as const]
                  : []),
                { value: 'table', label: t`Table` },
              ]}
              value={view.form}
              onChange={(form) => onView({ form })}
            />
          </>
        )}
      </header>
      <p className="map-note small-text muted" role="status">
        {noteOf(facts, props.gone)}
        {blastCount === null || view.form !== 'graph' ? null : (
          <>
            {' '}
            {blast === 'up'
              ? blastCount === 0
                ? t`Nothing depends on it.`
                : t`${servicesWords(blastCount)} can break with it.`
              : blastCount === 0
                ? t`It depends on nothing.`
                : t`It needs ${servicesWords(blastCount)}.`}
          </>
        )}
      </p>
    </>
  );
}

function noteOf(facts: MapFacts, gone: boolean): string {
  const standing = standingOf(facts);
  return gone ? `${t`The service of this address is not in the catalog any more.`} ${standing}` : standing;
}

function standingOf({ graph, fresh, reporting }: MapFacts): string {
  if (!fresh) return t`Nothing was heard of late: how the services are is not known now.`;
  if (!reporting) return t`No source of alerts reports: without one, no service can be called healthy.`;
  const unknown = [...graph.nodes.values()].filter(({ service }) => service === null).length;
  const known = servicesWords(graph.nodes.size - unknown);
  return unknown === 0
    ? `${known}.`
    : t`${known}, ${plural(unknown, { one: '1 more is', other: '# more are' })} named but not described.`;
}

function Crumb({ view, onView }: { view: MapView; onView: (change: Partial<MapView>) => void }) {
  if (view.team === null && view.kind === null) return null;
  const parts = [
    ...(view.team === null ? [] : [teamWords(view.team)]),
    ...(view.kind === null ? [] : [kindWords(view.kind)]),
  ];
  const words = parts.join(', ');
  return (
    <Button
      compact
      icon="close"
      aria-label={t`Leave ${words}`}
      onPress={() => onView(view.kind === null ? { team: null } : { kind: null })}
    >
      {words}
    </Button>
  );
}

export function MapLegend({ scene, plain }: { scene: Scene; plain: string | null }) {
  return (
    <div className="map-foot">
      {plain === null ? null : (
        <p className="small-text muted">{t`Drawn in plain columns, because the layout could not be used. ${plain}`}</p>
      )}
      {scene.left === 0 ? null : (
        <p className="small-text faint">{t`Not drawn: ${servicesWords(scene.left)} beyond what is shown.`}</p>
      )}
      <div className="map-legend small-text muted">
        <span className="row">
          <Mark kind="sev1" size="small" label="" />
          <Mark kind="sev2" size="small" label="" />
          <Mark kind="sev3" size="small" label="" />
          {t`worst open alert`}
        </span>
        <span className="row">
          <Mark kind="ok" size="small" label="" />
          {t`no open alert`}
        </span>
        <span className="row">
          <Mark kind="unknown" size="small" label="" />
          {t`unknown`}
        </span>
        <span className="row">
          <span className="map-key-path" />
          {t`suspect path`}
        </span>
        <span className="row">
          <span className="map-key-region" />
          {t`blast radius`}
        </span>
        <span className="row">
          <Icon name="change" small />
          {t`change in 2 h`}
        </span>
      </div>
    </div>
  );
}

export function MapControls({ graph }: { graph: RefObject<GraphHandle | null> }) {
  return (
    <div className="map-controls">
      <Button icon="minus" aria-label={t`Zoom out`} onPress={() => graph.current?.zoom(-1)} />
      <Button icon="plus" aria-label={t`Zoom in`} onPress={() => graph.current?.zoom(1)} />
      <Button icon="full-screen" aria-label={t`Show everything`} onPress={() => graph.current?.fit()} />
    </div>
  );
}

export function OverviewLegend() {
  return (
    <div className="map-foot">
      <div className="map-legend small-text muted">
        <span className="row">
          <Mark kind="sev1" size="small" label="" />
          <Mark kind="sev2" size="small" label="" />
          <Mark kind="sev3" size="small" label="" />
          {t`worst open alert; a line where one of them calls another`}
        </span>
        <span className="row">
          <span className="map-key-dot" />
          {t`no open alert`}
        </span>
        <span className="row">
          <span className="map-key-dot unknown" />
          {t`unknown`}
        </span>
        <span className="row">{t`double click: around that service`}</span>
      </div>
    </div>
  );
}
