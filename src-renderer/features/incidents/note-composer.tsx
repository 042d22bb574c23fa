import { type RefObject, useState } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import { t } from '../../language/words.ts';
import { useCan, useSession, useSubmit } from '../../session.tsx';
import { after, serverNow } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { useCommands } from '../../ui/commands.ts';
import { TextField } from '../../ui/text-field.tsx';
import { backdated } from './backdate.ts';
import { useDraft } from './draft.ts';
import { aboutIncident } from './incident-commands.ts';
import { reportCaret, withReport } from './report.ts';

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
  const problem = when !== '' && at === null ? t`A time in the last 24 hours, as 14:05 UTC.` : null;
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
  const cannot = can('incident.note', incident);
  // One line until something is written: the room is there to be read.
  const idle = text === '' && when === '';
  const report = (): void => {
    const next = withReport(text);
    setText(next);
    // When the new text stands in the field.
    after(0, () => {
      inputRef.current?.focus();
      inputRef.current?.setSelectionRange(reportCaret(next), reportCaret(next));
    });
  };
  useCommands([
    {
      id: 'incident.report',
      keys: null,
      label: t`report condition, actions and needs`,
      group: 'This incident',
      keywords: 'can status note',
      about: aboutIncident(incident),
      unavailable: cannot,
      run: report,
    },
  ]);
  return (
    <form
      className={idle ? 'composer idle' : 'composer'}
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
        label={t`Note for the timeline`}
        hideLabel
        placeholder={t`Note for the timeline`}
        rows={Math.min(6, text.split('\n').length)}
        value={text}
        onChange={setText}
        areaRef={inputRef}
      />
      <div className="row">
        {idle ? null : (
          <>
            <div className="composer-when">
              <TextField
                label={t`When it happened, UTC`}
                hideLabel
                placeholder={t`now, or 14:05 UTC`}
                value={when}
                onChange={setWhen}
                error={problem}
              />
            </div>
            <span className="grow" />
          </>
        )}
        <Button look="ghost" compact unavailable={cannot} onPress={report}>
          {t`Report…`}
        </Button>
        {idle ? null : (
          <Button type="submit" look="primary" command="save" unavailable={cannot} isDisabled={text.trim() === ''}>
            {t`Add note`}
          </Button>
        )}
      </div>
    </form>
  );
}
