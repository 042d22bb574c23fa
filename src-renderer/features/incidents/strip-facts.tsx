import type { Incident } from '#server/contract/incident.ts';
import { rich } from '../../language/rich.ts';
import { t } from '../../language/words.ts';
import { useFreshness, useNameOf, useOfIncident } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { duration } from '../../time-format.ts';
import { Flag } from '../../ui/chip.tsx';
import { Freshness } from '../../ui/freshness.tsx';
import { Elapsed, Time } from '../../ui/time.tsx';
import { asksSummary } from '../console/console-facts.ts';
import { commanderOf, updateDue } from './incident-facts.ts';

/** With old data a running clock would look live, so it becomes the time it runs from. */
export function ElapsedFact({ incident, known }: { incident: Incident; known: boolean }) {
  if (known || incident.resolvedAt !== null) return <Elapsed since={incident.startedAt} until={incident.resolvedAt} />;
  return rich`since ${<Time at={incident.startedAt} />}`;
}

export function CommanderFact({ incident, meId }: { incident: Incident; meId: string }) {
  const nameOf = useNameOf();
  const commander = commanderOf(incident);
  if (commander === null) return <span className="muted">{t`Nobody yet`}</span>;
  return <b>{commander.userId === meId ? t`You` : nameOf(commander.userId)}</b>;
}

export function UpdateFact({ incident }: { incident: Incident }) {
  const now = useServerNow();
  const { state } = useFreshness();
  const due = updateDue(incident, now);
  if (due.kind === 'none' || incident.nextUpdateDueAt === null) return <span className="muted">{t`none due`}</span>;
  // With old data a countdown would look live, so it becomes a clock time.
  if (state === 'stale' || state === 'offline') {
    return <b>{rich`due ${<Time at={incident.nextUpdateDueAt} zone />}`}</b>;
  }
  if (due.kind === 'overdue') return <Flag severity={incident.severity}>{t`Overdue ${duration(due.byMs)}`}</Flag>;
  return (
    <>
      <b>{t`in ${duration(due.leftMs)}`}</b>{' '}
      <span className="muted">
        <Time at={incident.nextUpdateDueAt} zone />
      </span>
    </>
  );
}

export function AsksFact({ incident, known }: { incident: Incident; known: boolean }) {
  const now = useServerNow();
  const { waiting, overdue } = asksSummary(useOfIncident('ask', incident.id), now);
  if (waiting === 0) return <span className="muted">{t`none open`}</span>;
  if (overdue === 0 || !known) return <b>{t`${waiting} open`}</b>;
  return (
    <>
      <Flag severity={incident.severity}>{t`${overdue} overdue`}</Flag>{' '}
      {waiting > overdue ? <span className="muted">{t`of ${waiting}`}</span> : null}
    </>
  );
}

export function DataFact() {
  const value = useFreshness();
  return (
    <div className={value.state === 'offline' ? 'hatch' : undefined}>
      <dt>{t`Data`}</dt>
      <dd>
        <Freshness value={value} bare />
      </dd>
    </div>
  );
}
