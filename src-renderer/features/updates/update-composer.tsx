import './updates.css';
import { type RefObject, useState } from 'react';
import { ToggleButton } from 'react-aria-components';
import type { Incident } from '#server/contract/incident.ts';
import { rich } from '../../language/rich.ts';
import { t, term } from '../../language/words.ts';
import { useCan, useFreshness, useMe, useOfIncident } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { duration } from '../../time-format.ts';
import { Button } from '../../ui/button.tsx';
import { Flag } from '../../ui/chip.tsx';
import { useCommands } from '../../ui/commands.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { Time } from '../../ui/time.tsx';
import { isOpen, updateDue } from '../incidents/incident-facts.ts';
import { usePeopleOptions } from '../incidents/people-options.tsx';
import { PreviewDialog } from './preview-dialog.tsx';
import { newestFirst } from './update-facts.ts';
import { UpdateOutcomes } from './update-outcomes.tsx';
import { type Composer, useComposer } from './use-composer.ts';

const usualMinutes = ['15', '30', '60'] as const;

/** One text to the timeline, the status pages and the lists. What leaves the center is looked at before it does. */
export function UpdateComposer({
  incident,
  inputRef,
}: {
  incident: Incident;
  inputRef: RefObject<HTMLTextAreaElement | null>;
}) {
  const can = useCan();
  const updates = useOfIncident('statusUpdate', incident.id);
  const composer = useComposer(incident);
  const [previewing, setPreviewing] = useState(false);
  const cannot = can('incident.post-update', incident);
  const number = (newestFirst(updates)[0]?.number ?? 0) + 1;
  const asks = composer.leaves || composer.approverId !== null;
  const next = (): void => {
    if (!composer.ready) inputRef.current?.focus();
    else if (asks) setPreviewing(true);
    else void composer.send();
  };
  useCommands([
    {
      id: 'update-now',
      label: composer.ready ? (asks ? t`preview and send the update` : t`send the update`) : t`update now`,
      unavailable: cannot,
      run: next,
    },
  ]);
  if (incident.mergedInto !== null) return null;
  const empty = composer.text.trim() === '';
  return (
    <form
      className="panel update-composer"
      aria-label={t`Status update`}
      onSubmit={(event) => {
        event.preventDefault();
        if (cannot === null) next();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && cannot === null) next();
        if (event.key === 'Escape' && event.target instanceof HTMLElement) event.target.blur();
      }}
    >
      <UpdateOutcomes incident={incident} updates={updates} onTakeUp={composer.takeUp} brief={!empty} />
      <div className="panel-head">
        <h2>{t`Update ${number}`}</h2>
        {isOpen(incident) ? <DueWords incident={incident} /> : <span className="count">{t`a last word`}</span>}
      </div>
      <div className="update-text">
        <TextField
          label={t`Text of update ${number}`}
          hideLabel
          rows={Math.min(6, composer.text.split('\n').length)}
          placeholder={t`What is known and done, who is affected`}
          value={composer.text}
          onChange={composer.setText}
          areaRef={inputRef}
          maxLength={20_000}
        />
        {composer.theirs === null ? null : <Theirs composer={composer} onSend={next} />}
        {composer.refusal === null ? null : (
          <p className="update-refusal" role="status">
            {t`Not sent: ${composer.refusal}`}
          </p>
        )}
      </div>
      {empty ? null : <Addressing composer={composer} />}
      <div className="update-foot" hidden={empty}>
        {isOpen(incident) ? <NextIn composer={composer} /> : null}
        <span className="update-send">
          {asks ? null : (
            <Button isDisabled={!composer.ready} unavailable={cannot} onPress={() => setPreviewing(true)}>
              {t`Preview`}
            </Button>
          )}
          <Button type="submit" look="primary" command="update-now" unavailable={cannot} isDisabled={!composer.ready}>
            {asks ? t`Preview…` : t`Send`}
          </Button>
        </span>
      </div>
      {previewing ? (
        <PreviewDialog incident={incident} composer={composer} onClose={() => setPreviewing(false)} />
      ) : null}
    </form>
  );
}

/** Where it goes, and who has to say yes first. */
function Addressing({ composer }: { composer: Composer }) {
  const me = useMe();
  const people = usePeopleOptions().filter(({ value }) => value !== me.id);
  const isChosen = (id: string) => composer.statusPages.includes(id) || composer.lists.includes(id);
  return (
    <div className="update-row">
      <div className="update-targets" role="group" aria-label={t`Goes to`}>
        <span className="small-text muted nowrap">{t`To`}</span>
        <span className="chip">{t`timeline`}</span>
        {composer.choices.map((choice) => (
          <ToggleButton
            key={choice.id}
            className="update-target"
            isSelected={isChosen(choice.id)}
            onChange={() => composer.toggle(choice)}
          >
            <span className="clip">{choice.label}</span>
          </ToggleButton>
        ))}
      </div>
      <span className="small-text muted nowrap">{t`Approved by`}</span>
      <div className="update-approver">
        <Select
          label={t`Who approves it`}
          hideLabel
          compact
          options={[{ value: 'nobody', label: t`nobody` }, ...people]}
          value={composer.approverId ?? 'nobody'}
          onChange={(id) => composer.setApprover(id === 'nobody' ? null : id)}
        />
      </div>
    </div>
  );
}

function NextIn({ composer }: { composer: Composer }) {
  const known = usualMinutes.find((minutes) => minutes === composer.minutes);
  const [other, setOther] = useState(false);
  const chosen = known === undefined || other ? 'other' : known;
  return (
    <>
      <span className="small-text muted nowrap">{t`Next in`}</span>
      <Segmented
        label={t`Minutes until the next update`}
        value={chosen}
        onChange={(value) => {
          setOther(value === 'other');
          if (value !== 'other') composer.setMinutes(value);
        }}
        options={[...usualMinutes, 'other' as const].map((value) => ({ value, label: term(value) }))}
      />
      {chosen === 'other' ? (
        <div className="update-minutes">
          <TextField
            label={t`Minutes`}
            hideLabel
            value={composer.minutes}
            onChange={composer.setMinutes}
            inputMode="numeric"
            error={composer.nextInMinutes === null ? t`Minutes, 1 to 10,080` : null}
          />
        </div>
      ) : null}
    </>
  );
}

/** Somebody was first: theirs is what readers know, and mine is still here. */
function Theirs({ composer, onSend }: { composer: Composer; onSend: () => void }) {
  const { theirs } = composer;
  if (theirs === null) return null;
  return (
    <div className="update-theirs" role="status">
      <p className="strong">
        {theirs.by === null
          ? t`Somebody posted first. Nothing of yours was sent.`
          : t`${theirs.by} posted first. Nothing of yours was sent.`}
      </p>
      <p className="muted wrap-any update-quote">{theirs.text}</p>
      <div className="row">
        <Button compact onPress={composer.discard}>
          {t`Drop mine`}
        </Button>
        <Button compact isDisabled={!composer.ready} onPress={onSend}>
          {t`Send mine after it`}
        </Button>
      </div>
    </div>
  );
}

function DueWords({ incident }: { incident: Incident }) {
  const now = useServerNow();
  const { state } = useFreshness();
  const due = updateDue(incident, now);
  if ((state === 'stale' || state === 'offline') && incident.nextUpdateDueAt !== null) {
    return <span className="count">{rich`due ${<Time at={incident.nextUpdateDueAt} zone />}, as last heard`}</span>;
  }
  if (due.kind === 'overdue') return <Flag severity={incident.severity}>{t`Overdue ${duration(due.byMs)}`}</Flag>;
  if (due.kind === 'none' || incident.nextUpdateDueAt === null) return <span className="count">{t`no time set`}</span>;
  return (
    <span className="count">
      {rich`due in ${duration(due.leftMs)}, ${<Time at={incident.nextUpdateDueAt} zone />}`}
    </span>
  );
}
