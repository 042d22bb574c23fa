import { t } from '../language/words.ts';
import { dataTime, duration } from '../time-format.ts';
import type { Freshness as FreshnessValue } from '../replica/feed/freshness.ts';
import { serverNow } from '../time.ts';
import { Mark, type MarkKind } from './mark.tsx';
import { shortAgo } from './time.tsx';

const words = {
  connecting: t`Connecting`,
  live: t`Live`,
  lagging: t`Lagging`,
  stale: t`Stale`,
  offline: t`Offline`,
} as const;
const marks: Record<FreshnessValue['state'], MarkKind> = {
  connecting: 'unknown',
  live: 'ok',
  lagging: 'lagging',
  stale: 'stale',
  offline: 'unknown',
};

/** The age of what is shown, counted from the last heartbeat. */
export function Freshness({ value, bare = false }: { value: FreshnessValue; bare?: boolean }) {
  const { state, ageMs, dataAt } = value;
  const old = state === 'stale' || state === 'offline';
  const age =
    bare && old && dataAt !== null
      ? dataTime(dataAt, serverNow())
      : ageMs === null
        ? state === 'connecting'
          ? ''
          : dataAt === null
            ? t`never connected`
            : dataTime(dataAt, serverNow())
        : state === 'live' || state === 'lagging'
          ? shortAgo(ageMs)
          : duration(ageMs);
  const classes = ['freshness', state];
  if (bare) classes.push('bare');
  if (state === 'offline') classes.push('hatch');
  return (
    <span
      className={classes.join(' ')}
      title={dataAt === null ? undefined : t`Data of ${dataTime(dataAt, serverNow())}`}
    >
      <Mark kind={marks[state]} size="small" label={words[state]} />
      <b aria-hidden="true">{words[state]}</b>
      {age === '' ? null : <span>{age}</span>}
    </span>
  );
}
