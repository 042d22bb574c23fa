import { memo } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import type { EntityName } from '#server/contract/replica.ts';
import { capital, t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useQueued } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Queued } from '../../ui/chip.tsx';
import { useCommands } from '../../ui/commands.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { Mark } from '../../ui/mark.tsx';
import { aboutIncident } from '../incidents/incident-commands.ts';
import type { RoomDialog } from '../incidents/room-dialog.ts';
import { codeOf } from '../incidents/incident-facts.ts';
import { useEscalate } from '../incidents/use-escalate.ts';
import { useNeedWords } from './need-words.tsx';
import type { Need } from './needs-me.ts';

interface NeedListProps {
  needs: readonly Need[];
  focused: number;
  onFocus: (index: number) => void;
  onEscalate: (incident: Incident) => void;
  /** What is answered in a dialog of the incident's room. */
  onDialog: (incident: Incident, dialog: RoomDialog) => void;
  /** Whether "nothing" may be said as good news. */
  healthy: boolean;
}

export function NeedList({ needs, focused, onFocus, onEscalate, onDialog, healthy }: NeedListProps) {
  if (needs.length === 0) {
    return (
      <div className="panel need-none row">
        <Mark kind={healthy ? 'ok' : 'unknown'} />
        <span className="muted">
          {healthy
            ? t`Nothing waits for you.`
            : t`Nothing that is known here waits for you. The feeds are not known to be healthy.`}
        </span>
      </div>
    );
  }
  return (
    <ul className="panel" aria-label={t`Needs you`}>
      {needs.map((need, index) => (
        <NeedRow
          key={keyOf(need)}
          need={need}
          index={index}
          focused={focused === index}
          onFocus={onFocus}
          onEscalate={onEscalate}
          onDialog={onDialog}
        />
      ))}
    </ul>
  );
}

const needIcons: Partial<Record<Need['kind'], IconName>> = {
  task: 'task',
  ask: 'timer',
  unanswered: 'timer',
  approve: 'update',
};

/** Also what the keyboard keeps its place by. */
export function keyOf(need: Need): string {
  if (need.kind === 'task') return `task ${need.task.id}`;
  if (need.kind === 'ask' || need.kind === 'unanswered') return `${need.kind} ${need.ask.id}`;
  if (need.kind === 'poll') return `poll ${need.poll.id}`;
  if (need.kind === 'approve') return `approve ${need.update.id}`;
  return need.kind === 'offer' ? `offer ${need.incident.id} ${need.role}` : `${need.kind} ${need.incident.id}`;
}

interface NeedRowProps {
  need: Need;
  /** Its place in the list, for `onFocus`. */
  index: number;
  focused: boolean;
  onFocus: (index: number) => void;
  onEscalate: (incident: Incident) => void;
  onDialog: (incident: Incident, dialog: RoomDialog) => void;
}

/** A need is a new object whenever any incident changed; its row is drawn again only when its own did. */
function sameNeed(a: NeedRowProps, b: NeedRowProps): boolean {
  const [one, two]: Record<string, unknown>[] = [{ ...a.need }, { ...b.need }];
  return (
    a.index === b.index &&
    a.focused === b.focused &&
    a.onFocus === b.onFocus &&
    Object.keys(one ?? {}).every((name) => one?.[name] === two?.[name])
  );
}

interface NeedCommandProps {
  incident: Incident;
  label: string;
  run: () => void;
  unavailable: string | null;
}

/** Only the row that is focused answers to keys. */
function NeedCommand({ incident, label, run, unavailable }: NeedCommandProps) {
  const about = aboutIncident(incident);
  useCommands([{ id: 'acknowledge', label: label.toLowerCase(), about, hint: true, run, unavailable }]);
  return null;
}

const NeedRow = memo(function NeedRow({ need, index, focused, onFocus, onEscalate, onDialog }: NeedRowProps) {
  const acts = actedOn(need);
  const queued = useQueued(acts.entity, acts.id);
  const { title, second, act, label, time, unavailable } = useNeedWords(need, focused, onDialog);
  const key = need.kind === 'acknowledge' || need.kind === 'page' ? 'acknowledge' : undefined;
  const primary = focused;
  return (
    <li
      className={`need${focused ? ' focused' : ''}${need.kind === 'page' ? ' paged' : ''}`}
      onClick={() => onFocus(index)}
    >
      {focused && key !== undefined ? (
        <NeedCommand incident={need.incident} label={label} run={act} unavailable={unavailable} />
      ) : null}
      {need.kind in needIcons ? (
        <span className="muted need-icon">
          <Icon name={needIcons[need.kind] ?? 'task'} />
        </span>
      ) : (
        <Mark kind={need.incident.severity} size="large" />
      )}
      <div className="two-line">
        <div className="row">
          <a className="need-title strong" href={paths.incident(need.incident.id)}>
            {title}
          </a>
          <span className="mono faint nowrap">{codeOf(need.incident)}</span>
          {queued ? <Queued /> : null}
        </div>
        <div className={need.kind === 'page' ? undefined : 'clip'}>{second}</div>
      </div>
      <div className="row need-side">
        {time}
        {need.kind === 'poll' ? (
          <Button
            unavailable={unavailable}
            onPress={() => onDialog(need.incident, { kind: 'object', poll: need.poll })}
          >
            {t`Object…`}
          </Button>
        ) : null}
        {focused && need.kind === 'page' ? <EscalateNeed incident={need.incident} onEscalate={onEscalate} /> : null}
        <Button
          look={primary ? 'primary' : 'plain'}
          {...(key === undefined || !focused ? {} : { command: key })}
          unavailable={unavailable}
          onPress={act}
        >
          {label}
        </Button>
      </div>
    </li>
  );
}, sameNeed);

function actedOn(need: Need): { entity: EntityName; id: string } {
  if (need.kind === 'task') return { entity: 'task', id: need.task.id };
  if (need.kind === 'ask' || need.kind === 'unanswered') return { entity: 'ask', id: need.ask.id };
  if (need.kind === 'poll') return { entity: 'poll', id: need.poll.id };
  if (need.kind === 'approve') return { entity: 'statusUpdate', id: need.update.id };
  return { entity: 'incident', id: need.incident.id };
}

function EscalateNeed({ incident, onEscalate }: { incident: Incident; onEscalate: (incident: Incident) => void }) {
  const { label, unavailable } = useEscalate(incident);
  return (
    <Button command="escalate" unavailable={unavailable} onPress={() => onEscalate(incident)}>
      {capital(label)}
    </Button>
  );
}
