import { type RefObject, useState } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import { useCan, useSession, useSubmit } from '../../session.tsx';
import { serverNow } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { backdated } from './backdate.ts';
import { useDraft } from './draft.ts';

export function NoteComposer({
  incident,
  inputRef,
}: {
  incident: Incident;
  inputRef: RefObject<HTMLTextAreaElement | null>;
}) {
  const { uuid } = useSession();
  const can = useCan();
  const submit = useSubmit();
  const [text, setText] = useDraft(`note ${incident.id}`);
  const [when, setWhen] = useState('');
  const at = backdated(when, serverNow());
  const problem = when !== '' && at === null ? 'A time in the last 24 hours, as 14:05 UTC.' : null;
  const send = async () => {
    if (text.trim() === '' || problem !== null) return;
    const submitted = await submit({
      kind: 'incident.note',
      incidentId: incident.id,
      entryId: uuid(),
      text: text.trim(),
      at,
    });
    if (!submitted.ok) return;
    setText('');
    setWhen('');
  };
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send();
        if (event.key === 'Escape' && event.target instanceof HTMLElement) event.target.blur();
      }}
    >
      <TextField
        label="Note for the timeline"
        hideLabel
        placeholder="Note for the timeline"
        rows={2}
        value={text}
        onChange={setText}
        areaRef={inputRef}
      />
      <div className="row">
        <div className="composer-when">
          <TextField
            label="When it happened, UTC"
            hideLabel
            placeholder="now, or 14:05 UTC"
            value={when}
            onChange={setWhen}
            error={problem}
          />
        </div>
        <span className="grow" />
        <Button
          type="submit"
          look="primary"
          command="save"
          unavailable={can('incident.note', incident)}
          isDisabled={text.trim() === ''}
        >
          Add note
        </Button>
      </div>
    </form>
  );
}
