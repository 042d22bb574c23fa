import type { Shift } from '#server/contract/schedule.ts';
import { t } from '../../language/words.ts';
import { useServerStep } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { Menu, type MenuAction } from '../../ui/menu.tsx';
import type { GanttWindow } from './gantt-geometry.ts';
import './gantt.css';
import { stretches } from './oncall-facts.ts';
import { lengthWords, sourceWords, spanWords } from './oncall-words.ts';

interface ShiftTableProps {
  caption: string;
  shifts: readonly Shift[];
  window: GanttWindow;
  /** What of the window is known. */
  known: { fromMs: number; toMs: number };
  nameOf: (userId: string | null) => string;
  /** None in a preview. */
  actionsOf?: (shift: Shift) => MenuAction[];
}

/** The result row of the Gantt as a table: the same content for everyone who does not look at bars. */
export function ShiftTable({ caption, shifts, window, known, nameOf, actionsOf }: ShiftTableProps) {
  const now = useServerStep(60_000);
  const fromMs = Math.max(window.fromMs, known.fromMs);
  const toMs = Math.min(window.toMs, known.toMs);
  const rows = fromMs < toMs ? stretches(shifts, fromMs, toMs) : [];
  return (
    <table className="shift-table">
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{t`When`}</th>
          <th scope="col">{t`Length`}</th>
          <th scope="col">{t`On call`}</th>
          <th scope="col">{t`Why`}</th>
          <th scope="col">
            <span className="visually-hidden">{t`Actions`}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const span = { startsAt: new Date(row.fromMs).toISOString(), endsAt: new Date(row.toMs).toISOString() };
          const first = row.shifts[0];
          const classes = [
            row.userIds.length === 0 ? 'is-gap' : '',
            row.fromMs <= now && now < row.toMs ? 'is-now' : '',
          ];
          return (
            <tr key={row.fromMs} className={classes.join(' ')}>
              <td>{spanWords(span, window.zone)}</td>
              <td className="muted nowrap">{lengthWords(span)}</td>
              <td className="medium">
                {row.userIds.length === 0 ? t`Nobody` : row.userIds.map((id) => nameOf(id)).join(', ')}
              </td>
              <td className="muted">{[...new Set(row.shifts.map(({ source }) => sourceWords(source)))].join('; ')}</td>
              <td className="end">
                {first === undefined || actionsOf === undefined || row.toMs <= now ? null : (
                  <Menu
                    label={t`Actions for ${spanWords(span, window.zone)}`}
                    trigger={
                      <Button
                        look="ghost"
                        compact
                        icon="dots"
                        aria-label={t`Actions for ${spanWords(span, window.zone)}`}
                      />
                    }
                    actions={actionsOf({ ...first, ...span })}
                  />
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
