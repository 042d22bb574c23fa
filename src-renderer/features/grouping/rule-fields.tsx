import { severities, type Severity } from '#server/contract/severity.ts';
import { t } from '../../language/words.ts';
import { Icon } from '../../ui/icon.tsx';
import { Mark, severityName } from '../../ui/mark.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { TokenField } from '../../ui/token-field.tsx';
import { keySuggestions, type RuleErrors, type RuleForm, templateFields } from './rule-draft.ts';
import { resolveWords } from './rule-words.ts';

interface RuleFieldsProps {
  form: RuleForm;
  errors: RuleErrors;
  /** What the server says of the condition as it stands. */
  conditionNote: { ok: boolean; text: string } | null;
  disabled: boolean;
  /** The built-in rule takes everything that is left; its condition is not for editing. */
  builtIn: boolean;
  onChange: (form: RuleForm) => void;
}

const reaches = [
  { value: '0', label: t`Open incidents of their own` },
  { value: '1', label: t`Share one, next to each other` },
  { value: '2', label: t`Share one, up to 2 steps apart` },
  { value: '3', label: t`Share one, up to 3 steps apart` },
] as const;

export function RuleFields({ form, errors, conditionNote, disabled, builtIn, onChange }: RuleFieldsProps) {
  const set = (change: Partial<RuleForm>): void => onChange({ ...form, ...change });
  const conditionError = errors.condition ?? (conditionNote?.ok === false ? conditionNote.text : null);
  return (
    <div className="rule-fields">
      <TextField
        label={t`Name`}
        value={form.name}
        onChange={(name) => set({ name })}
        error={errors.name ?? null}
        isDisabled={disabled}
      />
      <TextField
        label={t`Condition`}
        code
        rows={2}
        value={form.condition}
        onChange={(condition) => set({ condition })}
        error={conditionError}
        isDisabled={disabled || builtIn}
        help={
          builtIn
            ? t`Takes every alert that no rule above it took.`
            : conditionNote?.ok === true
              ? conditionNote.text
              : t`CEL over alert: title, severity, service, source, labels, annotations.`
        }
      />
      <TokenField
        label={t`Alerts equal in all of these are one group`}
        tokens={form.keys}
        onChange={(keys) => set({ keys })}
        suggestions={keySuggestions}
        placeholder={t`service, or the name of a label`}
        help={
          errors.keys ??
          (form.keys.length === 0
            ? t`With none, everything the rule takes is one group.`
            : t`Enter or a comma adds one.`)
        }
        disabled={disabled}
      />
      <div className="rule-three">
        <TextField
          label={t`Opens with at least`}
          value={form.minimum}
          onChange={(minimum) => set({ minimum })}
          error={errors.minimum ?? null}
          help={form.minimum.trim() === '1' ? t`alert: the first opens it` : t`alerts, within the window`}
          isDisabled={disabled}
        />
        <TextField
          label={t`Within`}
          value={form.window}
          onChange={(window) => set({ window })}
          error={errors.window ?? null}
          isDisabled={disabled}
        />
        <TextField
          label={t`Reopens within`}
          value={form.reopen}
          onChange={(reopen) => set({ reopen })}
          error={errors.reopen ?? null}
          help={t`after it closed`}
          isDisabled={disabled}
        />
      </div>
      <TextField
        label={t`Title of its incidents`}
        code
        value={form.titleTemplate}
        onChange={(titleTemplate) => set({ titleTemplate })}
        error={errors.titleTemplate ?? null}
        help={t`Filled in when it opens: ${templateFields.join('  ')}`}
        isDisabled={disabled}
      />
      <div className="field">
        <span className="label" id="rule-closes">
          {t`Closes`}
        </span>
        <Segmented
          label={t`Closes`}
          options={[
            { value: 'all', label: t`all resolved` },
            { value: 'first', label: t`first resolved` },
            { value: 'never', label: t`by hand` },
          ]}
          value={form.resolvePolicy}
          onChange={(resolvePolicy) => {
            if (!disabled) set({ resolvePolicy });
          }}
        />
        <span className="help">{resolveWords[form.resolvePolicy]}.</span>
      </div>
      <Select
        label={t`Alerts on connected services`}
        options={reaches}
        value={String(form.topology?.hops ?? 0)}
        onChange={(hops) => set({ topology: hops === '0' ? null : { hops: Number(hops) } })}
        disabled={disabled}
      />
      <SeverityMap form={form} disabled={disabled} onChange={onChange} />
    </div>
  );
}

function SeverityMap({ form, disabled, onChange }: Pick<RuleFieldsProps, 'form' | 'disabled' | 'onChange'>) {
  const map = (from: Severity, to: Severity): void => {
    const { [from]: _before, ...rest } = form.severityMap;
    onChange({ ...form, severityMap: to === from ? rest : { ...rest, [from]: to } });
  };
  return (
    <div className="field" role="group" aria-label={t`Severity of its incidents`}>
      <span className="label">{t`Severity of its incidents`}</span>
      <div className="severity-map">
        {severities.map((from) => (
          <div key={from} className="row">
            <Mark kind={from} size="small" label={t`An alert of ${severityName(from)}`} />
            <span className="faint">
              <Icon name="arrow" small />
            </span>
            <Select
              label={t`${severityName(from)} makes`}
              hideLabel
              compact
              disabled={disabled}
              options={severities.map((to) => ({
                value: to,
                label: severityName(to),
                mark: <Mark kind={to} size="small" />,
              }))}
              value={form.severityMap[from] ?? from}
              onChange={(to) => map(from, to)}
            />
          </div>
        ))}
      </div>
    </div>
  );
}
