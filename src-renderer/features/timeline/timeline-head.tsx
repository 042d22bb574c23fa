import type { Ref } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import { rich } from '../../language/rich.ts';
import { numberText, plural, t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { Button } from '../../ui/button.tsx';
import type { Command } from '../../ui/commands.ts';
import { Icon } from '../../ui/icon.tsx';
import { Mark } from '../../ui/mark.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { codeOf } from '../incidents/incident-facts.ts';
import type { Cadence, Gap } from './gaps.ts';
import { cadenceWords } from './lane-words.ts';
import { type choicesOf, type KindChoice, kindWords, type TimelineFilter } from './timeline-filter.ts';

interface HeadProps {
  incident: Incident;
  shown: number;
  total: number;
  known: boolean;
  cadence: Cadence;
  quiet: readonly Gap[];
  filter: TimelineFilter;
  choices: ReturnType<typeof choicesOf>;
  exports: readonly Command[];
  searchRef: Ref<HTMLInputElement>;
  onFilter: (change: Partial<TimelineFilter>) => void;
}

const everybody = 'everybody';

export function TimelineHead(props: HeadProps) {
  const { incident, filter, choices, cadence, quiet, exports, onFilter } = props;
  const counted =
    props.shown === props.total
      ? t`${numberText(props.total)} events`
      : t`${numberText(props.shown)} of ${numberText(props.total)} events`;
  return (
    <header className="timeline-head">
      <div className="row timeline-title">
        <Mark kind={incident.severity} size="large" />
        <h1 className="title clip">{rich`Timeline: ${<a href={paths.incident(incident.id)}>{incident.title}</a>}`}</h1>
        <span className="mono faint nowrap">{codeOf(incident)}</span>
        <span className="grow" />
        <Menu
          label={t`Take the timeline away`}
          trigger={<Button icon="chevron-down">{t`Export`}</Button>}
          actions={exports.map(({ id, label, run, unavailable = null }) => ({ id, label, run, unavailable }))}
        />
      </div>
      <div className="row wrap timeline-bar">
        <div className="timeline-search">
          <TextField
            label={t`Search the timeline`}
            hideLabel
            placeholder={t`Search`}
            value={filter.text}
            onChange={(text) => onFilter({ text })}
            onKeyDown={(event) => {
              if (event.key !== 'Escape' && event.key !== 'Enter') return;
              // Esc takes away what was typed first; then the keys are the list's again.
              if (event.key === 'Escape' && filter.text !== '') onFilter({ text: '' });
              else if (event.target instanceof HTMLElement) event.target.blur();
            }}
            inputRef={props.searchRef}
          />
        </div>
        <div className="timeline-pick">
          <Select
            label={t`Kind`}
            hideLabel
            value={filter.kind}
            options={(['everything', ...choices.kinds] as KindChoice[]).map((kind) => ({
              value: kind,
              label: kindWords[kind],
            }))}
            onChange={(kind) => onFilter({ kind })}
          />
        </div>
        <div className="timeline-pick">
          <Select
            label={t`Person`}
            hideLabel
            value={filter.person === '' ? everybody : filter.person}
            options={[
              { value: everybody, label: t`Everybody` },
              ...choices.people.map((name) => ({ value: name, label: name })),
            ]}
            onChange={(person) => onFilter({ person: person === everybody ? '' : person })}
          />
        </div>
        <Button
          icon="star"
          aria-pressed={filter.starred}
          look={filter.starred ? 'primary' : 'plain'}
          onPress={() => onFilter({ starred: !filter.starred })}
        >
          {t`Starred`}
        </Button>
        <span className="small-text muted tabular" role="status">
          {props.known ? counted : t`${counted}, as kept here`}
        </span>
        <span className="grow" />
        <span className="row small-text muted">
          <Icon name="timer" small />
          {cadenceWords(cadence)}
        </span>
        {quiet.length === 0 ? null : (
          <span className="row small-text muted">
            <Icon name="gap" small />
            {t`${plural(quiet.length, { one: 'one silence', other: '# silences' })}`}
          </span>
        )}
      </div>
    </header>
  );
}
