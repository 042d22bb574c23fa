import { useMemo, useState } from 'react';
import type { Policy } from '#server/contract/policy.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useNameOf, useSession, useTable } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { useCommands } from '../../ui/commands.ts';
import { DayPicks } from '../../ui/day-picks.tsx';
import { PlainField } from '../../ui/plain-field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { ZoneField } from '../../ui/zone-field.tsx';
import { deviceZone } from '../../zone-time.ts';
import { ChangedElsewhere, EditorHead, Refusal } from '../config/editor-head.tsx';
import { FindingList } from '../config/finding-list.tsx';
import { useCanWrite, useConflictsOf, useDocumentActions } from '../config/use-document.ts';
import { ConflictSheet } from '../incidents/conflict-sheet.tsx';
import { movedAt } from '../oncall/schedule-draft.ts';
import { PagingTrialPanel } from '../routing/paging-trial.tsx';
import { checkPolicy, formOf, newStep, type PolicyForm, refusalByStep, stepWarnings } from './policy-draft.ts';
import { policyWords } from './policy-words.ts';
import { StepEditor } from './step-editor.tsx';
import { useTargetWorld } from './use-target-world.ts';

/** One policy: read aloud, its steps, how it ends, which routes use it. Null is a new one. */
export function PolicyEditor({ policy, onDelete }: { policy: Policy | null; onDelete: () => void }) {
  const { uuid } = useSession();
  const nameOf = useNameOf();
  const world = useTargetWorld();
  const minute = Math.floor(useServerNow() / 60_000) * 60_000;
  const cannot = useCanWrite('policy');
  const show = useToasts((state) => state.show);
  const { save, busy } = useDocumentActions();
  const [firstStep] = useState(uuid);
  const [newId] = useState(uuid);
  const [form, setForm] = useState<PolicyForm>(() => formOf(policy, firstStep));
  const [basis, setBasis] = useState(policy);
  const [tried, setTried] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const conflicts = useConflictsOf('policy', policy?.id ?? null);
  const { draft, errors } = useMemo(() => checkPolicy(form), [form]);
  const text = JSON.stringify(form);
  const changed = text !== JSON.stringify(formOf(basis, firstStep));
  const newer = policy !== null && basis !== null && policy.version > basis.version;
  const theirs = policy === null ? '' : JSON.stringify(formOf(policy, firstStep));
  if (newer && theirs === text) setBasis(policy);
  const atStep = refusal === null ? null : refusalByStep(refusal, form.steps);
  const disabled = cannot !== null;
  const set = (change: Partial<PolicyForm>): void => setForm({ ...form, ...change });

  const submit = async (): Promise<void> => {
    setTried(true);
    if (draft === null) return setRefusal('a field below is not valid yet.');
    setRefusal(null);
    const saved = await save({ kind: 'policy', draft }, basis);
    if (saved.outcome === 'refused') return setRefusal(saved.reason);
    if (saved.outcome === 'conflict') return;
    show({ text: `${draft.name} is saved. What pages with it already follows it from its next step on.` });
    if (policy === null) navigate(paths.policy(saved.id), { replace: true });
    else setBasis({ ...policy, ...draft, version: saved.version ?? policy.version });
  };

  useCommands([
    { id: 'save', label: 'save', hint: true, unavailable: cannot, run: () => void submit() },
    { id: 'back', label: 'all policies', run: () => navigate(paths.policies()) },
  ]);

  return (
    <div className="policy-editor">
      <EditorHead
        title={form.name.trim() === '' ? 'New policy' : form.name}
        back={{ to: paths.policies(), label: 'All policies' }}
        document={policy}
        changed={changed}
        busy={busy}
        cannot={cannot}
        onPutBack={() => {
          setForm(formOf(policy, firstStep));
          setBasis(policy);
          setRefusal(null);
        }}
        onSave={() => void submit()}
        actions={
          policy === null ? null : (
            <Button
              look="ghost"
              icon="trash"
              aria-label={`Delete ${policy.name}`}
              unavailable={cannot}
              onPress={onDelete}
            />
          )
        }
      />
      {newer && theirs !== text ? <ChangedElsewhere by={nameOf(policy.updatedBy)} /> : null}
      {conflicts.length > 0 ? <ConflictSheet items={conflicts} /> : null}
      {atStep === null ? <Refusal reason={refusal} /> : null}
      <FindingList findings={policy?.findings ?? []} label="Warnings of this policy" />
      <p className="policy-sentence" aria-live="polite">
        {draft === null ? (
          <span className="muted">The policy in words appears here once its fields are valid.</span>
        ) : (
          policyWords(draft, world, minute)
        )}
      </p>
      <div className="form-grid">
        <TextField
          label="Name"
          value={form.name}
          onChange={(name) => set({ name })}
          error={tried ? (errors.fields.name ?? null) : null}
          isDisabled={disabled}
          maxLength={300}
        />
        <TextField
          label="What it is for"
          value={form.description}
          onChange={(description) => set({ description })}
          isDisabled={disabled}
          maxLength={2_000}
        />
      </div>
      <h2>Steps</h2>
      <ol className="steps">
        {form.steps.map((step, index) => (
          <StepEditor
            key={step.id}
            step={step}
            place={index}
            count={form.steps.length}
            world={world}
            nowMs={minute}
            disabled={disabled}
            errors={[
              ...(tried ? (errors.steps[step.id] ?? []) : []),
              ...(atStep?.id === step.id ? [atStep.reason] : []),
            ]}
            warnings={stepWarnings(step, world, minute)}
            onChange={(next) => set({ steps: form.steps.with(index, next) })}
            onMove={(by) => set({ steps: movedAt(form.steps, index, by) })}
            onRemove={() => set({ steps: form.steps.toSpliced(index, 1) })}
          />
        ))}
      </ol>
      <div className="row">
        <Button
          icon="plus"
          unavailable={cannot ?? (form.steps.length >= 20 ? 'Twenty steps are the most.' : null)}
          onPress={() => set({ steps: [...form.steps, newStep(uuid())] })}
        >
          Add a step
        </Button>
        {tried && errors.fields.steps !== undefined ? <span className="small-text">{errors.fields.steps}</span> : null}
      </div>
      <h2>When nobody acknowledged</h2>
      <div className="form-grid">
        <div className="field">
          <span className="label">After the last step</span>
          <Segmented
            label="After the last step"
            value={form.forever ? 'forever' : 'times'}
            onChange={(value) => {
              if (!disabled) set({ forever: value === 'forever' });
            }}
            options={[
              { value: 'times', label: 'begin again' },
              { value: 'forever', label: 'until acknowledged' },
            ]}
          />
        </div>
        {form.forever ? null : (
          <TextField
            label="Repeats"
            value={form.repeat}
            onChange={(repeat) => set({ repeat })}
            error={errors.fields.repeat ?? null}
            help="0 does not repeat"
            isDisabled={disabled}
          />
        )}
        <TextField
          label="Acknowledgements needed"
          value={form.needed}
          onChange={(needed) => set({ needed })}
          error={errors.fields.needed ?? null}
          help="different people; paging goes on until then"
          isDisabled={disabled}
        />
        <div className="field">
          <span className="label">A new alert pages again</span>
          <Segmented
            label="A new alert pages again"
            value={form.pageAgain}
            onChange={(pageAgain) => {
              if (!disabled) set({ pageAgain });
            }}
            options={[
              { value: 'severity-rises', label: 'if severity rises' },
              { value: 'every-alert', label: 'always' },
            ]}
          />
        </div>
      </div>
      <WorkingHoursFields form={form} disabled={disabled} error={errors.fields.workingHours ?? null} onChange={set} />
      <PagingTrialPanel
        label="with this policy"
        changes={draft === null ? null : [{ op: 'save', id: policy?.id ?? newId, document: { kind: 'policy', draft } }]}
      />
      {policy === null ? null : <UsedBy policyId={policy.id} />}
    </div>
  );
}

interface WorkingHoursFieldsProps {
  form: PolicyForm;
  disabled: boolean;
  error: string | null;
  onChange: (change: Partial<PolicyForm>) => void;
}

function WorkingHoursFields({ form, disabled, error, onChange }: WorkingHoursFieldsProps) {
  const hours = form.workingHours;
  return (
    <div className="stack policy-hours">
      <Checkbox
        isSelected={hours !== null}
        isDisabled={disabled}
        onChange={(on) =>
          onChange({
            workingHours: on ? { timeZone: deviceZone(), days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' } : null,
          })
        }
      >
        Steps may differ by working hours
      </Checkbox>
      {hours === null ? null : (
        <div className="restriction">
          <DayPicks
            label="Working days"
            days={hours.days}
            disabled={disabled}
            onChange={(days) => onChange({ workingHours: { ...hours, days } })}
          />
          <PlainField
            label="From"
            type="time"
            value={hours.from}
            disabled={disabled}
            onChange={(from) => onChange({ workingHours: { ...hours, from } })}
          />
          <PlainField
            label="To"
            type="time"
            value={hours.to}
            disabled={disabled}
            onChange={(to) => onChange({ workingHours: { ...hours, to } })}
          />
          <ZoneField
            label="In the zone"
            value={hours.timeZone}
            error={error}
            disabled={disabled}
            onChange={(timeZone) => onChange({ workingHours: { ...hours, timeZone } })}
          />
        </div>
      )}
    </div>
  );
}

function UsedBy({ policyId }: { policyId: string }) {
  const routes = useTable('route');
  const used = [...routes.rows.values()]
    .filter((route) => route.policyId === policyId)
    .toSorted((a, b) => a.position - b.position);
  return (
    <section aria-label="Routes that use it">
      <h2>Routes that use it</h2>
      {used.length === 0 ? (
        <p className="muted">None: as it is, no incident comes here.</p>
      ) : (
        <ul className="used-by">
          {used.map((route) => (
            <li key={route.id}>
              <span className="medium">{route.name}</span>{' '}
              <span className="mono faint">{route.builtIn ? 'everything else' : route.condition}</span>
              {route.enabled ? null : <span className="chip dashed">off</span>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
