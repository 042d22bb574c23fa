import { InhibitionDraft } from '#server/contract/route.ts';
import type { Inhibition } from '#server/contract/route.ts';
import { t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { TokenField } from '../../ui/token-field.tsx';
import { FindingList } from '../config/finding-list.tsx';
import { useCanWrite, useMayWrite } from '../config/use-document.ts';
import { DocumentHead } from '../config/document-head.tsx';
import { useDocumentForm } from '../config/use-document-form.ts';
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

const draftOrFresh = (inhibition: Inhibition | null): InhibitionDraft =>
  inhibition === null ? fresh : inhibitionDraftOf(inhibition);

/** Cause, symptom, and what both must have equal. A circle is refused by the server, which names it. */
export function InhibitionEditor({ inhibition, onDelete }: { inhibition: Inhibition | null; onDelete: () => void }) {
  const cannot = useCanWrite('inhibition');
  const show = useToasts((state) => state.show);
  const editor = useDocumentForm('inhibition', inhibition, draftOrFresh);
  const { form, set, tried } = editor;
  const parsed = InhibitionDraft.safeParse(form);
  const draft = parsed.success ? parsed.data : null;
  const cause = useConditionCheck(form.cause);
  const symptom = useConditionCheck(form.symptom);
  const disabled = useMayWrite('inhibition') !== null;

  const submit = async (): Promise<void> => {
    const saved = await editor.save(draft === null ? null : { kind: 'inhibition', draft });
    if (saved === null || draft === null) return;
    show({ text: t`${draft.name} is saved. It holds from now on.` });
    if (inhibition === null) editor.openMade(paths.inhibition(saved.id));
  };

  return (
    <div className="rule-editor">
      <DocumentHead
        editor={editor}
        title={form.name.trim() === '' ? t`New inhibition` : form.name}
        back={{ to: paths.inhibition(), label: t`All inhibitions` }}
        document={inhibition}
        cannot={cannot}
        onSave={() => void submit()}
        onDelete={onDelete}
      />
      <FindingList findings={inhibition?.findings ?? []} />
      <p className="rule-sentence">{inhibitionWords(form)}</p>
      <div className="rule-fields">
        <TextField
          label={t`Name`}
          value={form.name}
          onChange={(name) => set({ name })}
          error={tried && form.name.trim() === '' ? t`Give it a name; the ledger says which one held a page.` : null}
          isDisabled={disabled}
          maxLength={300}
        />
        <Condition
          label={t`Cause`}
          value={form.cause}
          note={cause}
          disabled={disabled}
          onChange={(next) => set({ cause: next })}
        />
        <Condition
          label={t`Symptom`}
          value={form.symptom}
          note={symptom}
          disabled={disabled}
          onChange={(next) => set({ symptom: next })}
        />
        <TokenField
          label={t`Only when both have equal`}
          tokens={form.equal}
          onChange={(equal) => set({ equal: [...equal] })}
          suggestions={['service', 'title', 'severity', 'source', 'env', 'cluster']}
          placeholder={t`service, or the name of a label`}
          help={
            form.equal.length === 0 ? t`With none, any open cause holds every symptom.` : t`Enter or a comma adds one.`
          }
          disabled={disabled}
        />
        <Checkbox isSelected={form.enabled} isDisabled={disabled} onChange={(enabled) => set({ enabled })}>
          {t`On`}
        </Checkbox>
      </div>
      <PagingTrialPanel
        changes={draft === null ? null : [{ op: 'save', id: editor.id, document: { kind: 'inhibition', draft } }]}
        label={t`with this inhibition`}
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
      error={value.trim() === '' ? t`Say which incidents.` : note?.ok === false ? note.text : null}
      help={note?.ok === true ? note.text : t`CEL over alert and incident.`}
      isDisabled={disabled}
    />
  );
}
