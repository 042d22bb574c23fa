import type { ChannelField, ChannelTypeInfo } from '#server/contract/channel.ts';
import { t } from '../../language/words.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { type ChannelErrors, type ChannelForm, secretState } from './channel-draft.ts';

interface ChannelFieldsProps {
  type: ChannelTypeInfo;
  form: ChannelForm;
  errors: ChannelErrors;
  /** Set on the server. */
  secretNames: readonly string[];
  disabled: boolean;
  onChange: (form: ChannelForm) => void;
}

const optionWords: Readonly<Record<string, string>> = {
  '': t`None`,
  none: t`None`,
  us: t`United States`,
  eu: t`European Union`,
  starttls: t`STARTTLS`,
  tls: t`TLS`,
};

/** The kind's own fields, as it describes them. */
export function ChannelFields({ type, form, errors, secretNames, disabled, onChange }: ChannelFieldsProps) {
  const set = (name: string, value: string | boolean): void =>
    onChange({ ...form, settings: { ...form.settings, [name]: value } });
  return type.fields.map((field) => {
    const label = field.required ? field.label : t`${field.label} (optional)`;
    const value = form.settings[field.name];
    switch (field.type) {
      case 'boolean':
        return (
          <div key={field.name} className="field">
            <Checkbox isSelected={value === true} isDisabled={disabled} onChange={(on) => set(field.name, on)}>
              {field.label}
            </Checkbox>
            {field.help === '' ? null : <span className="help">{field.help}</span>}
          </div>
        );
      case 'select':
        return (
          <div key={field.name} className="field channel-select">
            <Select
              label={label}
              options={field.options.map((option) => ({ value: option, label: optionWords[option] ?? option }))}
              value={typeof value === 'string' ? value : null}
              onChange={(chosen) => set(field.name, chosen)}
              disabled={disabled}
            />
            {field.help === '' ? null : <span className="help">{field.help}</span>}
          </div>
        );
      case 'secret':
        return (
          <SecretField
            key={field.name}
            field={field}
            label={label}
            form={form}
            error={errors[field.name] ?? null}
            secretNames={secretNames}
            disabled={disabled}
            onChange={onChange}
          />
        );
      default:
        return (
          <TextField
            key={field.name}
            label={label}
            value={typeof value === 'string' ? value : ''}
            onChange={(text) => set(field.name, text)}
            placeholder={field.placeholder}
            help={field.help}
            error={errors[field.name] ?? null}
            isDisabled={disabled}
            spellCheck="false"
            {...(field.type === 'number' ? { inputMode: 'numeric' as const } : {})}
          />
        );
    }
  });
}

interface SecretFieldProps {
  field: ChannelField;
  label: string;
  form: ChannelForm;
  error: string | null;
  secretNames: readonly string[];
  disabled: boolean;
  onChange: (form: ChannelForm) => void;
}

/** Write-only: what is set is never shown again. */
function SecretField({ field, label, form, error, secretNames, disabled, onChange }: SecretFieldProps) {
  const state = secretState(field, form, secretNames);
  const stored = secretNames.includes(field.name);
  return (
    <div className="secret-field">
      <TextField
        label={label}
        type="password"
        autoComplete="new-password"
        value={form.secrets[field.name] ?? ''}
        onChange={(text) =>
          onChange({
            ...form,
            secrets: { ...form.secrets, [field.name]: text },
            cleared: form.cleared.filter((name) => name !== field.name),
          })
        }
        placeholder={
          state === 'set'
            ? t`set; enter another to replace it`
            : state === 'cleared'
              ? t`will be taken away`
              : field.placeholder
        }
        help={field.help}
        error={error}
        isDisabled={disabled}
      />
      {!stored || field.required || disabled ? null : (
        <Button
          compact
          look="ghost"
          aria-label={`${state === 'cleared' ? t`Keep` : t`Take away`}: ${field.label}`}
          onPress={() =>
            onChange({
              ...form,
              secrets: { ...form.secrets, [field.name]: '' },
              cleared:
                state === 'cleared'
                  ? form.cleared.filter((name) => name !== field.name)
                  : [...form.cleared, field.name],
            })
          }
        >
          {state === 'cleared' ? t`Keep` : t`Take away`}
        </Button>
      )}
    </div>
  );
}
