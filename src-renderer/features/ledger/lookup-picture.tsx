import { t } from '../../language/words.ts';
import { useMe, useNameOf } from '../../session.tsx';
import { useClock } from '../../ui/use-clock.ts';
import { type Lookup, placeIn } from './why-words.ts';

/** What the schedule said at that instant: its layers, what people changed, and what came out. */
export function LookupPicture({ lookup }: { lookup: Lookup }) {
  const nameOf = useNameOf();
  const me = useMe();
  const clock = useClock();
  const nowPlace = placeIn(lookup.from, lookup.to, lookup.from, lookup.at)?.width ?? 0;
  const shown = lookup.rows.filter(({ type, shifts }) => shifts.length > 0 || type === 'result');
  const spoken = shown
    .map(({ type, name, shifts }) => {
      const on = shifts.filter(({ startsAt, endsAt }) => startsAt <= lookup.at && lookup.at < endsAt);
      const who = on.length === 0 ? t`nobody` : on.map(({ userId }) => nameOf(userId)).join(', ');
      return `${type === 'result' ? t`result` : `${type} ${name}`}: ${who}`;
    })
    .join('; ');
  return (
    <div
      className="lookup"
      role="img"
      aria-label={t`${lookup.schedule} at ${clock.time(Date.parse(lookup.at), true)} ${clock.zone}: ${spoken}`}
    >
      {shown.map((row, index) => (
        <div key={`${row.type} ${row.name} ${index}`} className="contents">
          <span className="lookup-name clip" title={row.name}>
            {row.type === 'layer' && row.name !== '' ? row.name : row.type}
          </span>
          <div className={row.type === 'result' ? 'lookup-track result' : 'lookup-track'}>
            {row.shifts.map((shift) => {
              const place = placeIn(lookup.from, lookup.to, shift.startsAt, shift.endsAt);
              if (place === null) return null;
              const on = shift.startsAt <= lookup.at && lookup.at < shift.endsAt && row.inForce;
              const lit = on && row.type !== 'layer';
              return (
                <span
                  key={`${shift.userId} ${shift.startsAt}`}
                  className={lit ? 'lookup-bar on' : 'lookup-bar'}
                  style={{ left: `${place.left}%`, width: `${place.width}%` }}
                >
                  {shift.userId === me.id ? t`You` : nameOf(shift.userId)}
                </span>
              );
            })}
          </div>
        </div>
      ))}
      <span />
      <div className="lookup-axis tabular">
        <span>{clock.time(Date.parse(lookup.from))}</span>
        <span className="at" style={{ left: `${nowPlace}%` }}>
          {clock.time(Date.parse(lookup.at))}
        </span>
        <span>{clock.time(Date.parse(lookup.to))}</span>
      </div>
      <span className="lookup-now" style={{ left: `calc(70px + (100% - 70px) * ${(nowPlace / 100).toFixed(4)})` }} />
    </div>
  );
}
