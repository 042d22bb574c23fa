import type { CSSProperties } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import { t } from '../../language/words.ts';
import { useNameOf, useOfIncident } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { Mark } from '../../ui/mark.tsx';
import { codeOf } from '../incidents/incident-facts.ts';
import { wallAsks, wallCommander, wallElapsed, wallUpdate } from './wall-facts.ts';
import type { TitleFit } from './wall-layout.ts';

interface StripProps {
  incident: Incident;
  fit: TitleFit;
  /** Facts under each other. */
  narrow: boolean;
  /** False with old data. */
  known: boolean;
  namesAllowed: boolean;
}

/** Seven of the nine facts; the other two, freshness and clocks, are the bar's. */
export function Strip({ incident, fit, narrow, known, namesAllowed }: StripProps) {
  const now = useServerNow();
  const nameOf = useNameOf();
  const asks = useOfIncident('ask', incident.id);
  const commander = wallCommander(incident, nameOf, namesAllowed);
  const update = wallUpdate(incident, now, known);
  const late = wallAsks(asks, now, known);
  const elapsed = <span className="wall-elapsed tabular">{wallElapsed(incident, now, known)}</span>;
  const style: CSSProperties & Record<`--${string}`, number> = { '--lines': fit.lines };
  return (
    <section
      className={narrow ? `wall-strip narrow ${incident.severity}` : `wall-strip ${incident.severity}`}
      aria-label={incident.title}
    >
      <div className="wall-line wall-title">
        <Mark kind={incident.severity} />
        <span className={`wall-title-text ${fit.size}`} style={style}>
          {incident.title}
        </span>
        {narrow ? null : elapsed}
      </div>
      <div className="wall-line clip">{incident.impact ?? t`${codeOf(incident)}, impact not stated yet`}</div>
      <div className="wall-line wall-third tabular">
        <span className="wall-who">
          {narrow ? elapsed : null}
          <span className="clip muted">{commander.who}</span>
          {commander.since === null ? null : (
            <span>
              {/* With two flags beside it the word gives its room to the name. */}
              {late.overdue && update.kind === 'overdue' ? null : <span className="muted">{t`since`} </span>}
              {commander.since}
            </span>
          )}
        </span>
        <span className="wall-update">
          {update.label === '' ? null : <span className="muted">{update.label}</span>}
          {update.kind === 'overdue' ? (
            <span className="wall-flag">{update.value}</span>
          ) : update.kind === 'due' ? (
            <b>{update.value}</b>
          ) : null}
        </span>
        <span className={late.overdue ? 'wall-flag' : 'muted wall-asks'}>{late.text}</span>
      </div>
    </section>
  );
}

interface CalmProps {
  known: boolean;
  /** Some source reports: silence is good news only from somebody who would speak. */
  fed: boolean;
  lesser: number;
}

export function Calm({ known, fed, lesser }: CalmProps) {
  const healthy = known && fed;
  return (
    <section className="wall-strip calm-strip" aria-label={t`Nothing severe`}>
      <div className="wall-line wall-title">
        <Mark kind={healthy ? 'ok' : 'unknown'} label={healthy ? t`Nothing severe is open` : t`Not known`} />
        <span className="wall-title-text">
          {healthy
            ? t`No severity 1 or 2 is open`
            : known
              ? t`No source has reported in the last 15 minutes`
              : t`Nothing severe was open when last heard`}
        </span>
      </div>
      <div className="wall-line muted">
        {known && !fed ? t`No severity 1 or 2 is known to be open` : lesserWords(lesser, known)}
      </div>
    </section>
  );
}

function lesserWords(lesser: number, known: boolean): string {
  if (lesser === 0) return known ? t`No incident is open at all` : t`No incident was open at all`;
  if (lesser === 1) return known ? t`1 of a lower severity is open` : t`1 of a lower severity was open`;
  return known ? t`${lesser} of a lower severity are open` : t`${lesser} of a lower severity were open`;
}
