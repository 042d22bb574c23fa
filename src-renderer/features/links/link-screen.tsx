import { useEffect } from 'react';
import type { ChangeEvent } from '#server/contract/incident.ts';
import { numberText, t, term } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import type { Tables } from '../../replica/rows/rows.ts';
import type { ScreenProps } from '../../screen-props.ts';
import { useEntity, useNameOf, useReplica, useTable } from '../../session.tsx';
import { Empty } from '../../ui/empty.tsx';
import { SafeLink } from '../../ui/safe-link.tsx';
import { Time } from '../../ui/time.tsx';
import { TitleLevel } from '../../ui/title.tsx';
import { CopyLink } from './copy-link.tsx';
import { Card, useRoom } from './linked-card.tsx';
import { LinkedAsk, LinkedPoll } from './linked-console.tsx';
import './links.css';
import { type Linked, linkedBy, shortIdOf } from './short-id.ts';

/** What a short id stands for. What has a screen of its own is shown there at once. */
export function LinkScreen({ params }: ScreenProps) {
  const ref = params['ref'] ?? '';
  const ready = useReplica((state) => state.ready);
  const tables = useReplica((state) => state.tables);
  const found = linkedBy(ref, tables);
  const own = found.length === 1 && found[0] !== undefined ? ownScreen(found[0], tables) : null;
  useEffect(() => {
    if (own !== null) navigate(own, { replace: true });
  }, [own]);
  if (!ready || own !== null) return null;
  return (
    <div className="screen-pad linked">
      {found.length === 1 ? null : <h1 className="title">{ref}</h1>}
      {found.length === 0 ? (
        <Empty
          title={t`${ref} is not on this machine`}
          actions={
            <a className="button" href={paths.now()}>
              {t`Go to Now`}
            </a>
          }
        >
          {t`It is older than what is kept here, it is restricted to other teams, or its address is wrong.`}
        </Empty>
      ) : (
        <TitleLevel value={found.length === 1 ? 1 : 2}>
          {found.map((linked) => (
            <LinkedThing key={linked.id} linked={linked} to={ownScreen(linked, tables)} />
          ))}
        </TitleLevel>
      )}
    </div>
  );
}

function ownScreen({ entity, id }: Linked, tables: Tables): string | null {
  switch (entity) {
    case 'timeline': {
      // An entry is shown among what happened around it, where its incident is here too.
      const incidentId = tables.timeline.rows.get(id)?.incidentId ?? '';
      return tables.incident.rows.has(incidentId) ? paths.timeline(incidentId, id) : null;
    }
    case 'incident':
      return paths.incident(id);
    case 'page':
      return paths.page(id);
    case 'alert':
      return paths.alert(id);
    case 'service':
      return paths.service(id);
    case 'user':
      return paths.person(id);
    case 'team':
      return paths.settings('teams');
    case 'schedule':
      return paths.schedule(id);
    case 'policy':
      return paths.policy(id);
    case 'route':
      return paths.route(id);
    case 'inhibition':
      return paths.inhibition(id);
    case 'monitor':
      return paths.monitor(id);
    case 'channel':
      return paths.channel(id);
    case 'stakeholderList':
      return paths.stakeholders(id);
    case 'rule':
      return paths.groupingRule(id);
    case 'integration':
      return paths.integration(id);
    default:
      return null;
  }
}

function LinkedThing({ linked, to }: { linked: Linked; to: string | null }) {
  switch (linked.entity) {
    case 'task':
      return <LinkedTask id={linked.id} />;
    case 'timeline':
      return <LinkedEntry id={linked.id} />;
    case 'chat':
      return <LinkedMessage id={linked.id} />;
    case 'silence':
      return <LinkedSilence id={linked.id} />;
    case 'ask':
      return <LinkedAsk id={linked.id} />;
    case 'poll':
      return <LinkedPoll id={linked.id} />;
    case 'change':
      return <LinkedChange id={linked.id} />;
    default:
      return <a href={to ?? paths.now()}>{term(linked.entity)}</a>;
  }
}

function LinkedTask({ id }: { id: string }) {
  const task = useEntity('task', id);
  const nameOf = useNameOf();
  const room = useRoom(task?.incidentId);
  if (task === undefined) return null;
  return (
    <Card
      kind={t`Task`}
      title={task.title}
      shortId={shortIdOf('task', id)}
      link={<CopyLink entity="task" id={id} />}
      place={room.place}
      entries={[
        [t`Incident`, room.words],
        [t`Owner`, nameOf(task.ownerId)],
        [t`Due`, task.dueAt === null ? t`no time set` : <Time key="due" at={task.dueAt} zone />],
        [t`Done`, task.doneAt === null ? t`not yet` : <Time key="done" at={task.doneAt} zone />],
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
      kind={t`Timeline entry`}
      title={entry.text}
      shortId={shortIdOf('timeline', id)}
      link={<CopyLink entity="timeline" id={id} />}
      place={room.place}
      entries={[
        [t`Incident`, room.words],
        [t`By`, entry.actor],
        [t`At`, <Time key="at" at={entry.at} seconds zone />],
        ...(entry.detail === null ? [] : [[t`More`, entry.detail] as const]),
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
      kind={t`Message`}
      title={message.deletedAt === null ? message.text : t`This message was deleted.`}
      shortId={shortIdOf('chat', id)}
      link={<CopyLink entity="chat" id={id} />}
      place={room.place}
      entries={[
        [t`Incident`, room.words],
        [t`By`, message.author],
        [t`At`, <Time key="at" at={message.at} seconds zone />],
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
      kind={silence.kind === 'maintenance' ? t`Maintenance window` : t`Silence`}
      title={silence.reason}
      shortId={shortIdOf('silence', id)}
      link={<CopyLink entity="silence" id={id} />}
      place={{ to: paths.alerts({ view: 'silences' }), label: t`Open the silences` }}
      entries={[
        [t`By`, nameOf(silence.createdBy)],
        [t`From`, <Time key="from" at={silence.startsAt} zone />],
        [t`Until`, <Time key="until" at={silence.endsAt} zone />],
        [t`Alerts held back`, numberText(silence.suppressedCount)],
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
      kind={t`Change`}
      title={change.title}
      shortId={shortIdOf('change', id)}
      link={<CopyLink entity="change" id={id} />}
      place={service === undefined ? null : { to: paths.service(service.id), label: t`Open the service` }}
      entries={[
        [t`Service`, change.service ?? t`none named`],
        [t`Told by`, change.source],
        [t`At`, <Time key="at" at={change.at} seconds zone />],
        ...(change.links.length === 0 ? [] : [[t`Links`, <ChangeLinks key="links" change={change} />] as const]),
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
