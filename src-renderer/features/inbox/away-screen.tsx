import { useMemo } from 'react';
import type { EntityName } from '#server/contract/replica.ts';
import { rich } from '../../language/rich.ts';
import { numberText, t } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { rememberedMax } from '../../replica/feed/away.ts';
import { useEntity, useFreshness, useReplica, useSession } from '../../session.tsx';
import { durationWords } from '../../time-format.ts';
import { Button } from '../../ui/button.tsx';
import { useCommands } from '../../ui/commands.ts';
import { Empty } from '../../ui/empty.tsx';
import { listCommands, useListCursor, useRowInSight } from '../../ui/list-keys.ts';
import { Mark } from '../../ui/mark.tsx';
import { ScreenHead } from '../../ui/screen-head.tsx';
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
  const { state } = useFreshness();
  const connected = state === 'live' || state === 'lagging';
  const groups = useMemo(() => (away === null ? [] : awayGroups(away)), [away]);
  const ids = useMemo(() => groups.map(({ incidentId }) => incidentId ?? 'none'), [groups]);
  const list = useListCursor(ids, 'away');
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
    { id: 'back', label: t`back to Now`, run: () => navigate(paths.now()) },
    { id: 'away.dismiss', keys: null, label: t`Dismiss the changes while away`, run: dismiss },
  ]);
  if (away === null) {
    return (
      <div className="screen-pad away">
        <ScreenHead title={t`Changes while away`} />
        <Empty
          title={connected ? t`Nothing changed while you were away` : t`Not known yet`}
          actions={
            <a className="button" href={paths.now()}>
              {t`Go to Now`}
            </a>
          }
        >
          {connected
            ? t`After a gap without a connection this lists what others did meanwhile.`
            : t`There is no connection. What others do meanwhile is listed here once it is back.`}
        </Empty>
      </div>
    );
  }
  return (
    <div className="screen-pad away">
      <ScreenHead
        title={t`Changes while away`}
        beside={
          <span className="small-text muted tabular">
            {rich`${numberText(away.total)} in ${durationWords(away.until - away.since)}, until ${<Time at={new Date(away.until).toISOString()} seconds zone />}`}
          </span>
        }
      >
        <Button look="primary" onPress={dismiss}>
          {t`I have seen them`}
        </Button>
      </ScreenHead>
      {away.total > rememberedMax ? (
        <p className="muted">
          {t`The first ${numberText(rememberedMax)} are listed here. The screens show how things are now.`}
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
  const counted = [...group.counts].map(([entity, count]) => `${entityWords[entity]}: ${numberText(count)}`);
  return (
    <section className={focused ? 'panel away-group focused' : 'panel away-group'}>
      <header className="row">
        {incident === undefined ? null : <Mark kind={incident.severity} />}
        <h2 className="strong">
          {group.incidentId === null ? (
            t`Elsewhere`
          ) : (
            <a href={paths.incident(group.incidentId)}>
              {incident?.title ?? t`An incident that is not on this machine`}
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
        {hidden === 0 ? null : <li className="faint">{t`and ${hidden} older entries of its timeline`}</li>}
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
  user: t`people`,
  team: t`teams`,
  integration: t`integrations`,
  rule: t`grouping rules`,
  silence: t`silences`,
  view: t`saved views`,
  preference: t`your preferences`,
  service: t`services`,
  schedule: t`schedules`,
  override: t`overrides`,
  timeOff: t`times off`,
  swap: t`swap requests`,
  policy: t`escalation policies`,
  route: t`routes`,
  inhibition: t`inhibitions`,
  channel: t`channels`,
  monitor: t`heartbeats`,
  responder: t`contact profiles`,
  stakeholderList: t`stakeholder lists`,
  roster: t`shifts of schedules`,
  incident: t`incidents`,
  task: t`tasks`,
  participant: t`people in the room`,
  ask: t`asks`,
  poll: t`objection polls`,
  statusUpdate: t`status updates`,
  postmortem: t`reviews`,
  timeline: t`changed timeline entries`,
  chat: t`messages`,
  escalation: t`paging`,
  page: t`pages`,
  change: t`changes of services`,
  alert: t`alerts`,
};
