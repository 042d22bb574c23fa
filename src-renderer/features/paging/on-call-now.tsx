import { useMemo } from 'react';
import { t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useMe, useNameOf, useTable } from '../../session.tsx';
import { useServerStep } from '../../time.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { SectionHead } from '../../ui/panel.tsx';
import { placeOf, whenWords } from '../../zone-time.ts';
import { mineFirst, standingOf } from '../oncall/oncall-facts.ts';
import { useZone } from '../oncall/use-zone.ts';
import './paging.css';

const shownMax = 8;

/** Who is on call on each schedule, mine first, and who after them. */
export function OnCallNow() {
  const me = useMe();
  const nameOf = useNameOf();
  const schedules = useTable('schedule');
  const rosters = useTable('roster');
  const zone = useZone();
  const minute = useServerStep(60_000);
  const list = useMemo(
    () => mineFirst(schedules.rows.values(), rosters.rows, me.id, minute).slice(0, shownMax),
    [schedules, rosters, me.id, minute],
  );
  if (list.length === 0) return null;
  const named = (ids: readonly string[]): string => ids.map((id) => (id === me.id ? t`You` : nameOf(id))).join(', ');
  return (
    <section className="on-call-now" aria-label={t`On call now`}>
      <SectionHead
        title={t`On call now`}
        actions={<span className="count small-text faint">{t`until (${placeOf(zone)})`}</span>}
      />
      <ul>
        {list.map((schedule) => {
          const roster = rosters.rows.get(schedule.id);
          const standing = roster === undefined ? null : standingOf(roster, minute);
          const known = standing !== null && standing.known;
          const now = standing?.now ?? null;
          const first = now?.userIds[0];
          return (
            <li key={schedule.id} className="on-call-row">
              <a className="muted" href={paths.schedule(schedule.id)}>
                {schedule.name}
              </a>
              <Avatar name={first === undefined ? null : nameOf(first)} me={first === me.id} />
              <div className="two-line">
                <div className="row">
                  <span className={known && now !== null && now.userIds.length > 0 ? 'grow' : 'grow muted'}>
                    {!known ? t`not known here` : named(now?.userIds ?? []) || t`Nobody`}
                  </span>
                  <span className="small-text muted tabular nowrap">
                    {known && now !== null ? whenWords(zone, now.toMs, minute) : ''}
                  </span>
                </div>
                <div>{then(standing?.next?.userIds ?? null, known, named)}</div>
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function then(ids: readonly string[] | null, known: boolean, named: (ids: readonly string[]) => string): string {
  if (!known) return '';
  if (ids === null) return t`no change ahead`;
  return ids.length === 0 ? t`then nobody` : t`then ${named(ids)}`;
}
