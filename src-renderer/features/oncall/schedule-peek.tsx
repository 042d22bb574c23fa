import type { Roster, Schedule } from '#server/contract/schedule.ts';
import { rich } from '../../language/rich.ts';
import { t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useMe, useNameOf, useTable } from '../../session.tsx';
import { CommandKey } from '../../ui/command-key.tsx';
import { KeyValues } from '../../ui/key-values.tsx';
import { SidePeek } from '../../ui/side-peek.tsx';
import { placeOf, whenWords } from '../../zone-time.ts';
import { FindingList } from '../config/finding-list.tsx';
import { comingStretches, standingOf, type Stretch } from './oncall-facts.ts';
import { scoreWord } from './oncall-words.ts';

const comingShown = 8;

interface SchedulePeekProps {
  schedule: Schedule;
  roster: Roster | undefined;
  zone: string;
  nowMs: number;
  onClose: () => void;
}

/** Who comes next in a schedule and what is wrong with it, without leaving the list. */
export function SchedulePeek({ schedule, roster, zone, nowMs, onClose }: SchedulePeekProps) {
  const me = useMe();
  const nameOf = useNameOf();
  const team = useTable('team').rows.get(schedule.teamId ?? '')?.name;
  const standing = roster === undefined ? null : standingOf(roster, nowMs);
  const coming = roster === undefined ? [] : comingStretches(roster, nowMs).slice(0, comingShown);
  const namesIn = ({ userIds }: Stretch): string =>
    userIds.length === 0 ? t`nobody` : userIds.map((id) => (id === me.id ? t`you` : nameOf(id))).join(', ');
  const now =
    standing === null || !standing.known
      ? t`not known here`
      : standing.now === null
        ? t`nobody`
        : t`${namesIn(standing.now)}, until ${whenWords(zone, standing.now.toMs, nowMs)} ${placeOf(zone)}`;
  return (
    <SidePeek code={t`schedule`} onClose={onClose}>
      <h2 className="title wrap-any">{schedule.name}</h2>
      {schedule.description === '' ? null : <p className="muted wrap-any">{schedule.description}</p>}
      <div className="row wrap">
        <a className="button primary" href={paths.schedule(schedule.id)}>
          {rich`Open the schedule ${<CommandKey id="list.open" />}`}
        </a>
      </div>
      <KeyValues
        entries={[
          [t`On call now`, now],
          [t`Team`, team ?? t`no team`],
          [t`Time zone`, placeOf(schedule.timeZone)],
          [
            t`Quality`,
            roster === undefined
              ? t`not known here`
              : t`${roster.quality.score} of 100, ${scoreWord(roster.quality.score)}`,
          ],
        ]}
      />
      <FindingList findings={schedule.findings} />
      <h3 className="small-text muted">{t`Next`}</h3>
      <ul className="peek-lines wide">
        {coming.map((stretch) => (
          <li key={stretch.fromMs}>
            <span className="tabular faint">{whenWords(zone, stretch.fromMs, nowMs)}</span>
            <span className={stretch.userIds.length === 0 ? 'medium' : 'wrap-any'}>{namesIn(stretch)}</span>
          </li>
        ))}
        {coming.length === 0 ? <li className="muted">{t`No change is known here.`}</li> : null}
      </ul>
    </SidePeek>
  );
}
