import { Fragment, useMemo } from 'react';
import type { Alert } from '#server/contract/alert.ts';
import { severityRank } from '#server/contract/severity.ts';
import { rich } from '../../language/rich.ts';
import { numberText, plural, t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useOfIncident, useTable } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Mark } from '../../ui/mark.tsx';
import { SectionHead } from '../../ui/panel.tsx';
import { SafeLink } from '../../ui/safe-link.tsx';
import { Time } from '../../ui/time.tsx';
import { codeOf, isOpen } from '../incidents/incident-facts.ts';
import { nodeOf, rankOf } from './health.ts';
import { healthWords, markLabel, servicesWords } from './map-words.ts';
import { missingTeams } from './missing-teams.ts';
import { around, reach } from './reach.ts';
import { teamOf, teamWords } from './scene.ts';
import type { GraphNode } from './map-graph.ts';
import { SuspectPath } from './suspect-path-list.tsx';
import type { MapFacts } from './use-map.ts';

const shownMax = 8;

interface PaneProps {
  node: GraphNode;
  facts: MapFacts;
  hops: number;
  focused: boolean;
  pinned: boolean;
  noPin: string | null;
  onPick: (id: string) => void;
  onFocus: () => void;
  onPin: () => void;
  onClose: () => void;
}

/** What is known of one service, beside the map. */
export function MapPane({ node, facts, hops, focused, pinned, noPin, onPick, onFocus, onPin, onClose }: PaneProps) {
  const { graph, health } = facts;
  const { id, name, service } = node;
  const own = health.get(id);
  const up = useMemo(() => [...reach(graph, id, 'up').keys()].filter((other) => other !== id), [graph, id]);
  const journeys = useMemo(
    () => [...new Set([id, ...up].flatMap((each) => graph.nodes.get(each)?.service?.journeys ?? []))],
    [graph, id, up],
  );
  if (own === undefined) return null;
  return (
    <aside className="map-pane" aria-label={t`Service ${name}`}>
      <header className="row">
        <Mark kind={own.mark} label={markLabel(own)} size="large" />
        <h2 className="title wrap-any">{name}</h2>
        {service === null || service.tier === null ? null : (
          <span className="chip outlined">{t`tier ${service.tier}`}</span>
        )}
        <span className="grow" />
        <Button look="ghost" compact icon="close" aria-label={t`Close`} onPress={onClose} />
      </header>
      <p className="muted wrap-any">
        {service === null
          ? t`No service of the catalog has this name. Something depends on it, and nothing is known of it.`
          : `${teamWords(teamOf(node, facts.teamName))}, ${service.kind}. ${service.description}`}
      </p>
      <p>{sentence(healthWords(own))}</p>
      <div className="row wrap">
        {focused ? null : (
          <Button look="primary" command="list.open" onPress={onFocus}>
            {t`Focus`}
          </Button>
        )}
        {service === null ? null : (
          <>
            <Button command="map.pin" unavailable={noPin} onPress={onPin}>
              {pinned ? t`Unpin` : t`Pin here`}
            </Button>
            <a className="button" href={paths.service(id)}>
              {t`Catalog`}
            </a>
          </>
        )}
      </div>
      <OpenAlerts facts={facts} id={id} />
      <SuspectPath facts={facts} id={id} onPick={onPick} />
      <Changes facts={facts} id={id} hops={hops} />
      <SectionHead
        title={t`Blast radius`}
        count={up.length === 0 ? t`nothing depends on it` : servicesWords(up.length)}
      />
      {journeys.length === 0 ? (
        up.length === 0 ? null : (
          <p className="faint">{t`No service of it says what people cannot do then.`}</p>
        )
      ) : (
        <ul className="map-list">
          {journeys.slice(0, shownMax).map((journey) => (
            <li key={journey} className="wrap-any">
              {journey}
            </li>
          ))}
          <More count={journeys.length} />
        </ul>
      )}
      <Neighbours title={t`Called by`} ids={graph.callers.get(id) ?? []} facts={facts} onPick={onPick} />
      <Neighbours title={t`Calls`} ids={graph.calls.get(id) ?? []} facts={facts} onPick={onPick} />
      {service === null || service.links.length === 0 ? null : (
        <>
          <SectionHead title={t`Links`} />
          <ul className="map-list">
            {service.links.map(({ url, label, kind }) => (
              <li key={`${kind} ${url}`} className="wrap-any">
                <SafeLink url={url}>{label}</SafeLink>
              </li>
            ))}
          </ul>
        </>
      )}
    </aside>
  );
}

function OpenAlerts({ facts, id }: { facts: MapFacts; id: string }) {
  const alerts = useTable('alert');
  const incidents = useTable('incident');
  const { graph } = facts;
  const open = useMemo(() => {
    const found: Alert[] = [];
    for (const alert of alerts.rows.values())
      if (alert.status === 'firing' && !alert.suppressed && nodeOf(graph, alert) === id) found.push(alert);
    return found.toSorted((a, b) => severityRank(a.severity) - severityRank(b.severity));
  }, [alerts, graph, id]);
  const inside = [...new Set(open.map(({ incidentId }) => incidentId))].flatMap((incidentId) => {
    const incident = incidentId === null ? undefined : incidents.rows.get(incidentId);
    return incident !== undefined && isOpen(incident) ? [incident] : [];
  });
  if (open.length === 0) return null;
  return (
    <>
      <SectionHead title={facts.fresh ? t`Open alerts` : t`Open when last heard`} count={open.length} />
      <ul className="map-list">
        {open.slice(0, shownMax).map((alert) => (
          <li key={alert.id} className="row">
            <Mark kind={alert.severity} size="small" />
            <a className="clip grow" href={paths.alerts({ peek: alert.id })} title={alert.title}>
              {alert.title}
            </a>
            <span className="mono faint">
              <Time at={alert.firstSeenAt} />
            </span>
          </li>
        ))}
        <More count={open.length} />
      </ul>
      {inside.map((incident) => (
        <Fragment key={incident.id}>
          <p className="muted">
            {rich`In ${(
              <a href={paths.incident(incident.id)} className="mono">
                {codeOf(incident)}
              </a>
            )}`}
            , {incident.title}
          </p>
          <MissingTeams incidentId={incident.id} facts={facts} />
        </Fragment>
      ))}
    </>
  );
}

/** For whoever commands: whose services hurt, and who of them is not there. */
function MissingTeams({ incidentId, facts }: { incidentId: string; facts: MapFacts }) {
  const alerts = useOfIncident('alert', incidentId);
  const participants = useOfIncident('participant', incidentId);
  const users = useTable('user').rows;
  const missing = missingTeams({
    graph: facts.graph,
    alerts,
    participants,
    teamIdsOf: (id) => users.get(id)?.teamIds ?? [],
  });
  if (missing.size === 0) return null;
  const words = [...missing].map(([id, names]) => `${facts.teamName(id) ?? t`a team`} (${names.join(', ')})`);
  return <p>{t`Not in the room: ${words.join('; ')}.`}</p>;
}

function Changes({ facts, id, hops }: { facts: MapFacts; id: string; hops: number }) {
  const { graph, changes } = facts;
  const near = useMemo(
    () =>
      [...around(graph, id, hops).keys()]
        .flatMap((each) => (changes.get(each) ?? []).map((change) => ({ change, name: graph.nodes.get(each)?.name })))
        .toSorted((a, b) => b.change.at.localeCompare(a.change.at)),
    [graph, changes, id, hops],
  );
  return (
    <>
      <SectionHead
        title={t`Changes within ${hops} ${plural(hops, { one: 'hop', other: 'hops' })}`}
        count={near.length === 0 ? t`none in 2 h` : t`last 2 h`}
      />
      {near.length === 0 ? null : (
        <ul className="map-list">
          {near.slice(0, shownMax).map(({ change, name }) => (
            <li key={change.id} className="row">
              <span className="clip grow" title={`${name ?? ''}: ${change.title}`}>
                {name}: {change.title}
              </span>
              <span className="mono faint">
                <Time at={change.at} />
              </span>
            </li>
          ))}
          <More count={near.length} />
        </ul>
      )}
    </>
  );
}

function Neighbours({
  title,
  ids,
  facts,
  onPick,
}: {
  title: string;
  ids: readonly string[];
  facts: MapFacts;
  onPick: (id: string) => void;
}) {
  if (ids.length === 0) return null;
  const { graph, health } = facts;
  const worstFirst = ids
    .flatMap((id) => {
      const node = graph.nodes.get(id);
      const own = health.get(id);
      return node === undefined || own === undefined ? [] : [{ node, own }];
    })
    .toSorted((a, b) => rankOf(a.own) - rankOf(b.own));
  return (
    <>
      <SectionHead title={title} count={ids.length} />
      <ul className="map-list">
        {worstFirst.slice(0, shownMax).map(({ node, own }) => (
          <li key={node.id}>
            <button type="button" className="map-pick row" onClick={() => onPick(node.id)}>
              <Mark kind={own.mark} label={markLabel(own)} size="small" />
              <span className="clip grow">{node.name}</span>
            </button>
          </li>
        ))}
        <More count={ids.length} />
      </ul>
    </>
  );
}

function More({ count }: { count: number }) {
  return count <= shownMax ? null : <li className="faint">{t`and ${numberText(count - shownMax)} more`}</li>;
}

function sentence(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;
}
