import { useState } from 'react';
import { InhibitionDraft } from '#server/contract/route.ts';
import type { Inhibition } from '#server/contract/route.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useNameOf, useSession } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { useCommands } from '../../ui/commands.ts';
import { TextField } from '../../ui/text-field.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { TokenField } from '../../ui/token-field.tsx';
import { ChangedElsewhere, EditorHead, Refusal } from '../config/editor-head.tsx';
import { FindingList } from '../config/finding-list.tsx';
import { useCanWrite, useConflictsOf, useDocumentActions } from '../config/use-document.ts';
import { ConflictSheet } from '../incidents/conflict-sheet.tsx';
import { type ConditionNote, useConditionCheck } from './condition-check.ts';
import { PagingTrialPanel } from './paging-trial.tsx';
import { inhibitionDraftOf } from './route-draft.ts';
import { inhibitionWords } from './route-words.ts';

const fresh: InhibitionDraft = {
  name: '',
  enabled: true,
  cause: 'alert.service == "postgres"',
  symptom: 'alert.labels.depends_on == "postgres"',
  equal: [],
};

/** Cause, symptom, and what both must have equal. A circle is refused by the server, which names it. */
export function InhibitionEditor({ inhibition, onDelete }: { inhibition: Inhibition | null; onDelete: () => void }) {
  const { uuid } = useSession();
  const nameOf = useNameOf();
  const cannot = useCanWrite('inhibition');
  const show = useToasts((state) => state.show);
  const { save, busy } = useDocumentActions();
  const [newId] = useState(uuid);
  const saved = inhibition === null ? fresh : inhibitionDraftOf(inhibition);
  const [form, setForm] = useState<InhibitionDraft>(saved);
  const [basis, setBasis] = useState(inhibition);
  const [tried, setTried] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const conflicts = useConflictsOf('inhibition', inhibition?.id ?? null);
  const text = JSON.stringify(form);
  const changed = text !== JSON.stringify(basis === null ? fresh : inhibitionDraftOf(basis));
  const newer = inhibition !== null && basis !== null && inhibition.version > basis.version;
  if (newer && (!changed || JSON.stringify(saved) === text)) {
    setBasis(inhibition);
    setForm(saved);
  }
  const parsed = InhibitionDraft.safeParse(form);
  const draft = parsed.success ? parsed.data : null;
  const cause = useConditionCheck(form.cause);
  const symptom = useConditionCheck(form.symptom);
  const disabled = cannot !== null;
  const set = (change: Partial<InhibitionDraft>): void => setForm({ ...form, ...change });

  const submit = async (): Promise<void> => {
    setTried(true);
    if (draft === null) return setRefusal('a field below is not valid yet.');
    setRefusal(null);
    const answer = await save({ kind: 'inhibition', draft }, basis ?? { id: newId, version: null });
    if (answer.outcome === 'refused') return setRefusal(answer.reason);
    if (answer.outcome === 'conflict') return;
    show({ text: `${draft.name} is saved. It holds from now on.` });
    if (inhibition === null) navigate(paths.inhibition(answer.id), { replace: true });
    else setBasis({ ...inhibition, ...draft, version: answer.version ?? inhibition.version });
  };
  useCommands([{ id: 'save', label: 'save', hint: changed, unavailable: cannot, run: () => void submit() }]);

  return (
    <div className="rule-editor">
      <EditorHead
        title={form.name.trim() === '' ? 'New inhibition' : form.name}
        back={{ to: paths.inhibition(), label: 'All inhibitions' }}
        document={inhibition}
        changed={changed}
        busy={busy}
        cannot={cannot}
        onPutBack={() => {
          setForm(saved);
          setBasis(inhibition);
          setRefusal(null);
        }}
        onSave={() => void submit()}
        actions={
          inhibition === null ? null : (
            <Button
              look="ghost"
              icon="trash"
              aria-label={`Delete ${inhibition.name}`}
              unavailable={cannot}
              onPress={onDelete}
            />
          )
        }
      />
      {newer && changed ? <ChangedElsewhere by={nameOf(inhibition.updatedBy)} /> : null}
      {conflicts.length > 0 ? <ConflictSheet items={conflicts} /> : null}
      <Refusal reason={refusal} />
      <FindingList findings={inhibition?.findings ?? []} />
      <p className="rule-sentence">{inhibitionWords(form)}</p>
      <div className="rule-fields">
        <TextField
          label="Name"
          value={form.name}
          onChange={(name) => set({ name })}
          error={tried && form.name.trim() === '' ? 'Give it a name; the ledger says which one held a page.' : null}
          isDisabled={disabled}
          maxLength={300}
        />
        <Condition
          label="Cause"
          value={form.cause}
          note={cause}
          disabled={disabled}
          onChange={(next) => set({ cause: next })}
        />
        <Condition
          label="Symptom"
          value={form.symptom}
          note={symptom}
          disabled={disabled}
          onChange={(next) => set({ symptom: next })}
        />
        <TokenField
          label="Only when both have equal"
          tokens={form.equal}
          onChange={(equal) => set({ equal: [...equal] })}
          suggestions={['service', 'title', 'severity', 'source', 'env', 'cluster']}
          placeholder="service, or the name of a label"
          help={
            form.equal.length === 0 ? 'With none, any open cause holds every symptom.' : 'Enter or a comma adds one.'
          }
          disabled={disabled}
        />
        <Checkbox isSelected={form.enabled} isDisabled={disabled} onChange={(enabled) => set({ enabled })}>
          On
        </Checkbox>
      </div>
      <PagingTrialPanel
        changes={
          draft === null ? null : [{ op: 'save', id: inhibition?.id ?? newId, document: { kind: 'inhibition', draft } }]
        }
        label="with this inhibition"
      />
    </div>
  );
}

interface ConditionProps {
  label: string;
  value: string;
  note: ConditionNote | null;
  disabled: boolean;
  onChange: (value: string) => void;
}

function Condition({ label, value, note, disabled, onChange }: ConditionProps) {
  return (
    <TextField
      label={label}
      code
      rows={2}
      value={value}
      onChange={onChange}
      error={value.trim() === '' ? 'Say which incidents.' : note?.ok === false ? note.text : null}
      help={note?.ok === true ? note.text : 'CEL over alert and incident.'}
      isDisabled={disabled}
    />
  );
}
