import type { Target } from '#server/contract/policy.ts';
import { t } from '../../language/words.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { Select } from '../../ui/select.tsx';
import { usePeopleOptions } from '../incidents/people-options.tsx';
import { byName } from '../../by-name.ts';
import { peopleBehind, type TargetWorld, targetName } from './policy-words.ts';

const icons: Record<Target['type'], IconName> = {
  user: 'person',
  schedule: 'phone-call',
  team: 'group',
  channel: 'send',
};

interface TargetOption {
  value: string;
  label: string;
  mark: React.ReactNode;
}

/** Schedules first, because a step should name a duty before it names a person. */
export function useTargetOptions(world: TargetWorld): TargetOption[] {
  const people = usePeopleOptions();
  const named = (
    type: Target['type'],
    rows: Iterable<{ id: string; name: string }>,
    label: (name: string) => string,
  ): TargetOption[] =>
    [...rows]
      .toSorted((a, b) => byName(a.name, b.name))
      .map(({ id, name }) => ({
        value: `${type}:${id}`,
        label: label(name),
        mark: <Icon name={icons[type]} small />,
      }));
  return [
    ...named('schedule', world.schedules.values(), (name) => t`On call in ${name}`),
    ...people.map(({ value, label }) => ({ value: `user:${value}`, label, mark: <Avatar name={label} /> })),
    ...named('team', world.teams.values(), (name) => t`Team ${name}`),
    ...named(
      'channel',
      [...world.channels.values()].filter(({ enabled }) => enabled),
      (name) => t`Channel ${name}`,
    ),
  ];
}

export function targetOf(value: string): Target | null {
  const [type, id] = value.split(':', 2);
  if (id === undefined) return null;
  return type === 'user' || type === 'schedule' || type === 'team' || type === 'channel' ? { type, id } : null;
}

interface TargetPickerProps {
  label: string;
  targets: readonly Target[];
  world: TargetWorld;
  nowMs: number;
  disabled: boolean;
  onChange: (targets: Target[]) => void;
}

export function TargetPicker({ label, targets, world, nowMs, disabled, onChange }: TargetPickerProps) {
  const options = useTargetOptions(world);
  const taken = new Set(targets.map(({ type, id }) => `${type}:${id}`));
  return (
    <div className="field" role="group" aria-label={label}>
      <ul className="targets">
        {targets.map((target, index) => {
          const name = targetName(target, world);
          const people = target.type === 'schedule' ? peopleBehind(target, world, nowMs) : null;
          return (
            <li key={`${target.type}:${target.id}`}>
              <Icon name={icons[target.type]} small />
              <span className="medium">{target.type === 'user' && target.id === world.me ? t`You` : name}</span>
              {people === null ? null : (
                <span className="muted">
                  {people.length === 0
                    ? t`nobody now`
                    : t`now ${people.map((id) => targetName({ type: 'user', id }, world)).join(', ')}`}
                </span>
              )}
              {disabled ? null : (
                <button
                  type="button"
                  className="token-close"
                  aria-label={t`Take away ${name}`}
                  onClick={() => onChange(targets.toSpliced(index, 1))}
                >
                  <Icon name="close" small />
                </button>
              )}
            </li>
          );
        })}
      </ul>
      {disabled ? null : (
        <Select
          label={t`${label}: add`}
          hideLabel
          placeholder={targets.length === 0 ? t`Choose who is paged…` : t`Add…`}
          options={options.filter(({ value }) => !taken.has(value))}
          value={null}
          onChange={(value) => {
            const target = targetOf(value);
            if (target !== null) onChange([...targets, target]);
          }}
        />
      )}
    </div>
  );
}
