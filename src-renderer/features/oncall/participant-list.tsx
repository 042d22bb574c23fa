import { type DragEvent, useState } from 'react';
import { t } from '../../language/words.ts';
import { useMe, useNameOf, useTable } from '../../session.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Select } from '../../ui/select.tsx';
import { usePeopleOptions } from '../incidents/people-options.tsx';
import { turnWords } from './oncall-words.ts';
import { apart, movedAt, together } from './schedule-draft.ts';

interface ParticipantListProps {
  layer: string;
  /** One entry a turn; several people in it are on call together, none is a shift that nobody has. */
  participants: string[][];
  error: string | null;
  disabled: boolean;
  onChange: (participants: string[][]) => void;
}

const nobody = 'nobody';

/** The turns in their order: dragged with the pointer, moved by each turn's menu without one. */
export function ParticipantList({ layer, participants, error, disabled, onChange }: ParticipantListProps) {
  const me = useMe();
  const nameOf = useNameOf();
  const users = useTable('user').rows;
  const people = usePeopleOptions();
  const [dragged, setDragged] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const add = (id: string): void => onChange([...participants, id === nobody ? [] : [id]]);
  const nameTurn = (turn: readonly string[]): string => turnWords(turn, nameOf);
  return (
    <div className="field" role="group" aria-label={t`Turns of layer ${layer}`}>
      <span className="label">{t`In turn`}</span>
      {participants.length === 0 ? null : (
        <ol className="participants">
          {participants.map((turn, index) => (
            <li
              key={`${index} ${turn.join(' ')}`}
              className={over === index && dragged !== null ? 'over' : undefined}
              draggable={!disabled}
              onDragStart={() => setDragged(index)}
              onDragEnd={() => setDragged(null)}
              onDragOver={(event: DragEvent) => {
                event.preventDefault();
                setOver(index);
              }}
              onDrop={() => {
                if (dragged !== null) onChange(movedAt(participants, dragged, index - dragged));
                setDragged(null);
                setOver(null);
              }}
            >
              <span className="place">{index + 1}</span>
              <span className="row wrap grow">
                {turn.length === 0 ? (
                  <>
                    <Avatar name={null} />
                    <span className="muted">{t`nobody: an empty shift`}</span>
                  </>
                ) : null}
                {turn.map((id) => (
                  <span key={id} className="row">
                    <Avatar name={nameOf(id)} me={id === me.id} />
                    <span>{nameOf(id)}</span>
                    {users.get(id)?.disabled === true ? <span className="chip dashed">{t`disabled`}</span> : null}
                  </span>
                ))}
              </span>
              {disabled ? null : (
                <Menu
                  label={t`Turn ${index + 1}`}
                  trigger={
                    <Button look="ghost" compact icon="dots" aria-label={t`Turn ${index + 1}, ${nameTurn(turn)}`} />
                  }
                  actions={[
                    {
                      id: 'up',
                      label: t`Earlier`,
                      run: () => onChange(movedAt(participants, index, -1)),
                      unavailable: index === 0 ? t`it is first` : null,
                    },
                    {
                      id: 'down',
                      label: t`Later`,
                      run: () => onChange(movedAt(participants, index, 1)),
                      unavailable: index === participants.length - 1 ? t`it is last` : null,
                    },
                    {
                      id: 'together',
                      label: t`Together with the next`,
                      run: () => onChange(together(participants, index)),
                      unavailable: index === participants.length - 1 ? t`it is last` : null,
                    },
                    {
                      id: 'apart',
                      label: t`Each a turn of their own`,
                      run: () => onChange(apart(participants, index)),
                      unavailable: turn.length < 2 ? t`it is one person` : null,
                    },
                    {
                      id: 'out',
                      label: t`Take out`,
                      icon: 'trash',
                      run: () => onChange(participants.toSpliced(index, 1)),
                    },
                  ]}
                />
              )}
            </li>
          ))}
        </ol>
      )}
      {disabled ? null : (
        <Select
          label={t`Add a turn to layer ${layer}`}
          hideLabel
          placeholder={t`Add a person…`}
          options={[...people, { value: nobody, label: t`nobody (an empty shift)` }]}
          value={null}
          onChange={add}
        />
      )}
      {error === null ? null : <span className="error">{error}</span>}
    </div>
  );
}
