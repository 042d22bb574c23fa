import { type ReactNode, useEffect } from 'react';
import type { ChangeEvent } from '#server/contract/incident.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import type { ScreenProps } from '../../screen-props.ts';
import { useEntity, useNameOf, useReplica, useTable } from '../../session.tsx';
import { useCommands } from '../../ui/commands.ts';
import { Empty } from '../../ui/empty.tsx';
import { KeyValues } from '../../ui/key-values.tsx';
import { SafeLink } from '../../ui/safe-link.tsx';
import { Time } from '../../ui/time.tsx';
import { Title, TitleLevel } from '../../ui/title.tsx';
import { codeOf } from '../incidents/incident-facts.ts';
import { CopyLink } from './copy-link.tsx';
import './links.css';
import { type Linked, linkedBy, shortIdOf } from './short-id.ts';

/** What a short id stands for. What has a screen of its own is shown there at once. */
export function LinkScreen({ params }: ScreenProps) {
  const ref = params['ref'] ?? '';
  const ready = useReplica((state) => state.ready);
  const tables = useReplica((state) => state.tables);
  const found = linkedBy(ref, tables);
  const own = found.length === 1 && found[0] !== undefined ? ownScreen(found[0]) : null;
  useEffect(() => {
    if (own !== null) navigate(own, { replace: true });
  }, [own]);
  if (!ready || own !== null) return null;
  return (
    <div className="screen-pad linked">
      {found.length === 1 ? null : <h1 className="title">{ref}</h1>}
      {found.length === 0 ? (
        <Empty
          title={`${ref} is not on this machine`}
          actions={
            <a className="button" href={paths.now()}>
              Go to Now
            </a>
          }
        >
          It is older than what is kept here, it is restricted to other teams, or its address is wrong.
        </Empty>
      ) : (
        <TitleLevel value={found.length === 1 ? 1 : 2}>
          {found.map((linked) => (
            <LinkedThing key={linked.id} linked={linked} />
          ))}
        </TitleLevel>
      )}
    </div>
  );
}

function ownScreen({ entity, id }: Linked): string | null {
  switch (entity) {
    case 'incident':
      return paths.incident(id);
    case 'page':
      return paths.page(id);
    case 'alert':
      return paths.alert(id);
    case 'service':
      return paths.service(id);
    default:
      return null;
  }
}

function LinkedThing({ linked }: { linked: Linked }) {
  switch (linked.entity) {
    case 'task':
      return <LinkedTask id={linked.id} />;
    case 'timeline':
      return <LinkedEntry id={linked.id} />;
    case 'chat':
      return <LinkedMessage id={linked.id} />;
    case 'silence':
      return <LinkedSilence id={linked.id} />;
    case 'change':
      return <LinkedChange id={linked.id} />;
    default:
      return <a href={ownScreen(linked) ?? paths.now()}>{linked.entity}</a>;
  }
}

interface CardProps {
  kind: string;
  title: string;
  /** The copy button, with the short id beside it. */
  link: ReactNode;
  shortId: string;
  entries: readonly (readonly [string, ReactNode])[];
  /** Where it stands among others of its kind. */
  place: { to: string; label: string } | null;
}

function Card({ kind, title, link, shortId, entries, place }: CardProps) {
  useCommands([
    {
      id: 'list.open',
      label: place === null ? 'open' : place.label.toLowerCase(),
      hint: place !== null,
      unavailable: place === null ? 'its incident is not on this machine' : null,
      run: () => place !== null && navigate(place.to),
    },
    { id: 'back', label: 'back to Now', run: () => navigate(paths.now()) },
  ]);
  return (
    <article className="linked-card">
      <div className="row">
        <span className="small-text muted">{kind}</span>
        <span className="mono faint">{shortId}</span>
        {link}
      </div>
      <Title className="title wrap-any">{title}</Title>
      <KeyValues entries={entries} />
      {place === null ? null : (
        <a className="button primary" href={place.to}>
          {place.label}
        </a>
      )}
    </article>
  );
}

function useRoom(incidentId: string | undefined): { words: string; place: CardProps['place'] } {
  const incident = useEntity('incident', incidentId ?? null);
  if (incident === undefined) return { words: 'An incident that is not on this machine', place: null };
  return {
    words: `${codeOf(incident)} ${incident.title}`,
    place: { to: paths.incident(incident.id), label: 'Open the room' },
  };
}

function LinkedTask({ id }: { id: string }) {
  const task = useEntity('task', id);
  const nameOf = useNameOf();
  const room = useRoom(task?.incidentId);
  if (task === undefined) return null;
  return (
    <Card
      kind="Task"
      title={task.title}
      shortId={shortIdOf('task', id)}
      link={<CopyLink entity="task" id={id} />}
      place={room.place}
      entries={[
        ['Incident', room.words],
        ['Owner', nameOf(task.ownerId)],
        ['Due', task.dueAt === null ? 'no time set' : <Time key="due" at={task.dueAt} zone />],
        ['Done', task.doneAt === null ? 'not yet' : <Time key="done" at={task.doneAt} zone />],
      ]}
    />
  );
}

function LinkedEntry({ id }: { id: string }) {
  const entry = useEntity('timeline', id);
  const room = useRoom(entry?.incidentId);
  if (entry === undefined) return null;
  return (
    <Card
      kind="Timeline entry"
      title={entry.text}
      shortId={shortIdOf('timeline', id)}
      link={<CopyLink entity="timeline" id={id} />}
      place={room.place}
      entries={[
        ['Incident', room.words],
        ['By', entry.actor],
        ['At', <Time key="at" at={entry.at} seconds zone />],
        ...(entry.detail === null ? [] : [['More', entry.detail] as const]),
      ]}
    />
  );
}

function LinkedMessage({ id }: { id: string }) {
  const message = useEntity('chat', id);
  const room = useRoom(message?.incidentId);
  if (message === undefined) return null;
  return (
    <Card
      kind="Message"
      title={message.deletedAt === null ? message.text : 'This message was deleted.'}
      shortId={shortIdOf('chat', id)}
      link={<CopyLink entity="chat" id={id} />}
      place={room.place}
      entries={[
        ['Incident', room.words],
        ['By', message.author],
        ['At', <Time key="at" at={message.at} seconds zone />],
      ]}
    />
  );
}

function LinkedSilence({ id }: { id: string }) {
  const silence = useEntity('silence', id);
  const nameOf = useNameOf();
  if (silence === undefined) return null;
  return (
    <Card
      kind={silence.kind === 'maintenance' ? 'Maintenance window' : 'Silence'}
      title={silence.reason}
      shortId={shortIdOf('silence', id)}
      link={<CopyLink entity="silence" id={id} />}
      place={{ to: paths.alerts({ view: 'silences' }), label: 'Open the silences' }}
      entries={[
        ['By', nameOf(silence.createdBy)],
        ['From', <Time key="from" at={silence.startsAt} zone />],
        ['Until', <Time key="until" at={silence.endsAt} zone />],
        ['Alerts held back', silence.suppressedCount.toLocaleString('en')],
      ]}
    />
  );
}

function LinkedChange({ id }: { id: string }) {
  const change = useEntity('change', id);
  const services = useTable('service');
  if (change === undefined) return null;
  const service = [...services.rows.values()].find(({ name }) => name === change.service);
  return (
    <Card
      kind="Change"
      title={change.title}
      shortId={shortIdOf('change', id)}
      link={<CopyLink entity="change" id={id} />}
      place={service === undefined ? null : { to: paths.service(service.id), label: 'Open the service' }}
      entries={[
        ['Service', change.service ?? 'none named'],
        ['Told by', change.source],
        ['At', <Time key="at" at={change.at} seconds zone />],
        ...(change.links.length === 0 ? [] : [['Links', <ChangeLinks key="links" change={change} />] as const]),
      ]}
    />
  );
}

function ChangeLinks({ change }: { change: ChangeEvent }) {
  return (
    <ul>
      {change.links.map(({ href, text }) => (
        <li key={href}>
          <SafeLink url={href}>{text ?? href}</SafeLink>
        </li>
      ))}
    </ul>
  );
}
