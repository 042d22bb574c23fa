import { useEffect, useMemo, useState } from 'react';
import { t } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useReplica, useSession, useTable } from '../../session.tsx';
import { useCommands } from '../../ui/commands.ts';
import { Empty } from '../../ui/empty.tsx';
import { listCommands, useListCursor, useRowInSight } from '../../ui/list-keys.ts';
import { Mark } from '../../ui/mark.tsx';
import { Elapsed } from '../../ui/time.tsx';
import { codeOf, openIncidents } from '../incidents/incident-facts.ts';
import { recentKeys } from '../palette/palette-store.ts';
import { lastIncident } from './last-incident.ts';
import './timeline.css';

/** Whose timeline? That of the incident one was in last, or the only open one; else it asks. */
export function TimelineEntrance() {
  const { serverUrl, me } = useSession();
  const incidents = useTable('incident');
  const ready = useReplica((state) => state.ready);
  const [recent] = useState(() => recentKeys({ serverUrl, userId: me.id }));
  const open = useMemo(() => openIncidents(incidents.rows.values()), [incidents]);
  const last = lastIncident(recent, incidents.rows) ?? (open.length === 1 ? (open[0]?.id ?? null) : null);
  useEffect(() => {
    if (last !== null) navigate(paths.timeline(last), { replace: true });
  }, [last]);
  const ids = useMemo(() => open.map(({ id }) => id), [open]);
  const list = useListCursor(ids);
  useRowInSight(list.at);
  const go = (): void => {
    const id = ids[list.at];
    if (id !== undefined) navigate(paths.timeline(id));
  };
  useCommands(
    listCommands(
      { move: list.move, open: go, back: () => navigate(paths.now()) },
      { group: 'Timeline', count: ids.length, open: t`its timeline` },
    ),
  );
  if (!ready || last !== null) return null;
  if (open.length === 0) {
    return (
      <div className="screen-pad">
        <Empty
          title={t`No incident is open`}
          actions={
            <a className="button" href={paths.incidents()}>
              {t`All incidents`}
            </a>
          }
        >
          {t`The timeline of one that is closed is in its room.`}
        </Empty>
      </div>
    );
  }
  return (
    <div className="screen-pad timeline-choice">
      <h1 className="title">{t`Whose timeline?`}</h1>
      <ul>
        {open.map((incident, index) => (
          <li key={incident.id}>
            <a
              className={index === list.at ? 'timeline-option focused' : 'timeline-option'}
              href={paths.timeline(incident.id)}
            >
              <Mark kind={incident.severity} />
              <span className="clip">{incident.title}</span>
              <span className="mono faint">{codeOf(incident)}</span>
              <span className="faint end">
                <Elapsed since={incident.startedAt} />
              </span>
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
