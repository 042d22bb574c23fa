import { useMemo } from 'react';
import type { EntityName } from '#server/contract/replica.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { rememberedMax } from '../../replica/away.ts';
import { useEntity, useReplica, useSession } from '../../session.tsx';
import { durationWords } from '../../time-format.ts';
import { Button } from '../../ui/button.tsx';
import { useCommands } from '../../ui/commands.ts';
import { Empty } from '../../ui/empty.tsx';
import { listCommands, useListCursor, useRowInSight } from '../../ui/list-keys.ts';
import { Mark } from '../../ui/mark.tsx';
import { Time } from '../../ui/time.tsx';
import { codeOf } from '../incidents/incident-facts.ts';
import { type AwayGroup, awayGroups } from './away-groups.ts';
import './away.css';

/** New entries of one incident that are listed; the room has the others. */
const entriesShown = 8;

/** Never a silent jump: what changed while there was no connection, until somebody has seen it. */
export function AwayScreen() {
  const { replica } = useSession();
  const away = useReplica((state) => state.away);
  const groups = useMemo(() => (away === null ? [] : awayGroups(away)), [away]);
  const ids = useMemo(() => groups.map(({ incidentId }) => incidentId ?? 'none'), [groups]);
  const list = useListCursor(ids);
  useRowInSight(list.at);
  const focused = groups[list.at];
  const dismiss = (): void => {
    replica.dismissAway();
    navigate(paths.now());
  };
  useCommands([
    ...listCommands(
      {
        move: list.move,
        open: () => {
          if (focused !== undefined && focused.incidentId !== null) navigate(paths.incident(focused.incidentId));
        },
      },
      { group: 'Changes while away', count: groups.length },
    ),
    { id: 'back', label: 'back to Now', run: () => navigate(paths.now()) },
    { id: 'away.dismiss', keys: null, label: 'Dismiss the changes while away', run: dismiss },
  ]);
  if (away === null) {
    return (
      <div className="screen-pad away">
        <h1 className="title">Changes while away</h1>
        <Empty
          title="Nothing changed while you were away"
          actions={
            <a className="button" href={paths.now()}>
              Go to Now
            </a>
          }
        >
          After a gap without a connection this lists what others did meanwhile.
        </Empty>
      </div>
    );
  }
  return (
    <div className="screen-pad away">
      <div className="row wrap">
        <h1 className="title">Changes while away</h1>
        <span className="small-text muted tabular">
          {away.total.toLocaleString('en')} in {durationWords(away.until - away.since)}, until{' '}
          <Time at={new Date(away.until).toISOString()} seconds zone />
        </span>
        <span className="grow" />
        <Button look="primary" onPress={dismiss}>
          I have seen them
        </Button>
      </div>
      {away.total > rememberedMax ? (
        <p className="muted">
          The first {rememberedMax.toLocaleString('en')} are listed here. The screens show how things are now.
        </p>
      ) : null}
      {groups.map((group, index) => (
        <Group key={group.incidentId ?? 'none'} group={group} focused={index === list.at} />
      ))}
    </div>
  );
}

function Group({ group, focused }: { group: AwayGroup; focused: boolean }) {
  const incident = useEntity('incident', group.incidentId);
  const hidden = Math.max(0, group.entries.length - entriesShown);
  const counted = [...group.counts].map(([entity, count]) => `${entityWords[entity]}: ${count.toLocaleString('en')}`);
  return (
    <section className={focused ? 'panel away-group focused' : 'panel away-group'}>
      <header className="row">
        {incident === undefined ? null : <Mark kind={incident.severity} />}
        <h2 className="strong">
          {group.incidentId === null ? (
            'Elsewhere'
          ) : (
            <a href={paths.incident(group.incidentId)}>
              {incident?.title ?? 'An incident that is not on this machine'}
            </a>
          )}
        </h2>
        {incident === undefined ? null : <span className="mono faint">{codeOf(incident)}</span>}
      </header>
      <ul>
        {group.facts.map((fact) => (
          <li key={fact} className="medium">
            {fact}
          </li>
        ))}
        {hidden === 0 ? null : <li className="faint">and {hidden} older entries of its timeline</li>}
        {group.entries.slice(-entriesShown).map((entry) => (
          <li key={entry.id} className="away-entry">
            <span className="mono faint">
              <Time at={entry.at} />
            </span>
            <span className="wrap-any">
              <span className="muted">{entry.actor}:</span> {entry.text}
            </span>
          </li>
        ))}
        {counted.length === 0 ? null : <li className="muted">{counted.join(', ')}</li>}
      </ul>
    </section>
  );
}

const entityWords: Record<EntityName, string> = {
  user: 'people',
  team: 'teams',
  integration: 'integrations',
  rule: 'grouping rules',
  silence: 'silences',
  view: 'saved views',
  preference: 'your preferences',
  service: 'services',
  schedule: 'schedules',
  override: 'overrides',
  timeOff: 'times off',
  swap: 'swap requests',
  policy: 'escalation policies',
  route: 'routes',
  inhibition: 'inhibitions',
  channel: 'channels',
  monitor: 'heartbeats',
  responder: 'contact profiles',
  stakeholderList: 'stakeholder lists',
  roster: 'shifts of schedules',
  incident: 'incidents',
  task: 'tasks',
  participant: 'people in the room',
  ask: 'asks',
  poll: 'objection polls',
  statusUpdate: 'status updates',
  postmortem: 'reviews',
  timeline: 'changed timeline entries',
  chat: 'messages',
  escalation: 'paging',
  page: 'pages',
  change: 'changes of services',
  alert: 'alerts',
};
