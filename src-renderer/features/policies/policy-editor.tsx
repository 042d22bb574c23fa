import { useMemo, useState } from 'react';
import type { Policy } from '#server/contract/policy.ts';
import { t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useSession, useTable } from '../../session.tsx';
import { useServerStep } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { DayPicks } from '../../ui/day-picks.tsx';
import { PlainField } from '../../ui/plain-field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { ZoneField } from '../../ui/zone-field.tsx';
import { deviceZone } from '../../zone-time.ts';
import { FindingList } from '../config/finding-list.tsx';
import { useCanWrite, useMayWrite } from '../config/use-document.ts';
import { movedAt } from '../oncall/schedule-draft.ts';
import { PagingTrialPanel } from '../routing/paging-trial.tsx';
import { DocumentHead } from '../config/document-head.tsx';
import { useDocumentForm } from '../config/use-document-form.ts';
import { checkPolicy, formOf, newStep, type PolicyForm, refusalByStep, stepWarnings } from './policy-draft.ts';
import { policyWords } from './policy-words.ts';
import { StepEditor } from './step-editor.tsx';
import { useTargetWorld } from './use-target-world.ts';

/** One policy: read aloud, its steps, how it ends, which routes use it. Null is a new one. */
export function PolicyEditor({ policy, onDelete }: { policy: Policy | null; onDelete: () => void }) {
  const { uuid } = useSession();
  const world = useTargetWorld();
  const minute = useServerStep(60_000);
  const cannot = useCanWrite('policy');
  const show = useToasts((state) => state.show);
  const [firstStep] = useState(uuid);
  const editor = useDocumentForm('policy', policy, (row) => formOf(row, firstStep));
  const { form, set, tried, refusal } = editor;
  const { draft, errors } = useMemo(() => checkPolicy(form), [form]);
  const atStep = refusal === null ? null : refusalByStep(refusal, form.steps);
  const mayNot = useMayWrite('policy');
  const disabled = mayNot !== null;

  const submit = async (): Promise<void> => {
    const saved = await editor.save(draft === null ? null : { kind: 'policy', draft });
    if (saved === null || draft === null) return;
    show({ text: t`${draft.name} is saved. What pages with it already follows it from its next step on.` });
    if (policy === null) editor.openMade(paths.policy(saved.id));
  };

  return (
    <div className="policy-editor">
      <DocumentHead
        editor={editor}
        title={form.name.trim() === '' ? t`New policy` : form.name}
        back={{ to: paths.policies(), label: t`All policies` }}
        document={policy}
        cannot={cannot}
        onSave={() => void submit()}
        onDelete={onDelete}
        refusalBelow={atStep !== null}
      />
      <FindingList findings={policy?.findings ?? []} label={t`Warnings of this policy`} />
      <p className="policy-sentence" aria-live="polite">
        {draft === null ? (
          <span className="muted">{t`The policy in words appears here once its fields are valid.`}</span>
        ) : (
          policyWords(draft, world, minute)
        )}
      </p>
      <div className="form-grid">
        <TextField
          label={t`Name`}
          value={form.name}
          onChange={(name) => set({ name })}
          error={tried ? (errors.fields.name ?? null) : null}
          isDisabled={disabled}
          maxLength={300}
        />
        <TextField
          label={t`What it is for`}
          value={form.description}
          onChange={(description) => set({ description })}
          isDisabled={disabled}
          maxLength={2_000}
        />
      </div>
      <h2>{t`Steps`}</h2>
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
          unavailable={mayNot ?? (form.steps.length >= 20 ? t`Twenty steps are the most.` : null)}
          onPress={() => set({ steps: [...form.steps, newStep(uuid())] })}
        >
          {t`Add a step`}
        </Button>
        {tried && errors.fields.steps !== undefined ? <span className="small-text">{errors.fields.steps}</span> : null}
      </div>
      <h2>{t`When nobody acknowledged`}</h2>
      <div className="form-grid">
        <div className="field">
          <span className="label">{t`After the last step`}</span>
          <Segmented
            label={t`After the last step`}
            value={form.forever ? 'forever' : 'times'}
            onChange={(value) => {
              if (!disabled) set({ forever: value === 'forever' });
            }}
            options={[
              { value: 'times', label: t`begin again` },
              { value: 'forever', label: t`until acknowledged` },
            ]}
          />
        </div>
        {form.forever ? null : (
          <TextField
            label={t`Repeats`}
            value={form.repeat}
            onChange={(repeat) => set({ repeat })}
            error={errors.fields.repeat ?? null}
            help={t`0 does not repeat`}
            isDisabled={disabled}
          />
        )}
        <TextField
          label={t`Acknowledgements needed`}
          value={form.needed}
          onChange={(needed) => set({ needed })}
          error={errors.fields.needed ?? null}
          help={t`different people; paging goes on until then`}
          isDisabled={disabled}
        />
        <div className="field">
          <span className="label">{t`A new alert pages again`}</span>
          <Segmented
            label={t`A new alert pages again`}
            value={form.pageAgain}
            onChange={(pageAgain) => {
              if (!disabled) set({ pageAgain });
            }}
            options={[
              { value: 'severity-rises', label: t`if severity rises` },
              { value: 'every-alert', label: t`always` },
            ]}
          />
        </div>
      </div>
      <WorkingHoursFields form={form} disabled={disabled} error={errors.fields.workingHours ?? null} onChange={set} />
      <PagingTrialPanel
        label={t`with this policy`}
        changes={draft === null ? null : [{ op: 'save', id: editor.id, document: { kind: 'policy', draft } }]}
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
        {t`Steps may differ by working hours`}
      </Checkbox>
      {hours === null ? null : (
        <div className="restriction">
          <DayPicks
            label={t`Working days`}
            days={hours.days}
            disabled={disabled}
            onChange={(days) => onChange({ workingHours: { ...hours, days } })}
          />
          <PlainField
            label={t`From`}
            type="time"
            value={hours.from}
            disabled={disabled}
            onChange={(from) => onChange({ workingHours: { ...hours, from } })}
          />
          <PlainField
            label={t`To`}
            type="time"
            value={hours.to}
            disabled={disabled}
            onChange={(to) => onChange({ workingHours: { ...hours, to } })}
          />
          <ZoneField
            label={t`In the zone`}
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
    <section aria-label={t`Routes that use it`}>
      <h2>{t`Routes that use it`}</h2>
      {used.length === 0 ? (
        <p className="muted">{t`None: as it is, no incident comes here.`}</p>
      ) : (
        <ul className="used-by">
          {used.map((route) => (
            <li key={route.id}>
              <span className="medium">{route.name}</span>{' '}
              <span className="mono faint">{route.builtIn ? t`everything else` : route.condition}</span>
              {route.enabled ? null : <span className="chip dashed">{t`off`}</span>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
