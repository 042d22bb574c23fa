import { severities } from '#server/contract/severity.ts';
import { t } from '../../language/words.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Mark, severityName } from '../../ui/mark.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { isFor, isForOnly, type StepForm, withSeverity } from './policy-draft.ts';
import type { TargetWorld } from './policy-words.ts';
import { TargetPicker } from './target-picker.tsx';

interface StepEditorProps {
  step: StepForm;
  place: number;
  count: number;
  world: TargetWorld;
  nowMs: number;
  disabled: boolean;
  errors: readonly string[];
  warnings: readonly string[];
  onChange: (step: StepForm) => void;
  onMove: (by: number) => void;
  onRemove: () => void;
}

export function StepEditor(props: StepEditorProps) {
  const { step, place, count, world, nowMs, disabled, errors, warnings, onChange, onMove, onRemove } = props;
  const number = place + 1;
  const set = (change: Partial<StepForm>): void => onChange({ ...step, ...change });
  return (
    <li className="step">
      <div className="step-rail" aria-hidden="true">
        <span>{number}</span>
      </div>
      <div className="step-main">
        <div className="row step-head">
          <h3 className="grow">{number === 1 ? t`At once` : t`Step ${number}`}</h3>
          {disabled ? null : (
            <Menu
              label={t`Step ${number}`}
              trigger={<Button look="ghost" compact icon="dots" aria-label={t`Actions for step ${number}`} />}
              actions={[
                {
                  id: 'up',
                  label: t`Earlier`,
                  run: () => onMove(-1),
                  unavailable: place === 0 ? t`it is first` : null,
                },
                {
                  id: 'down',
                  label: t`Later`,
                  run: () => onMove(1),
                  unavailable: place === count - 1 ? t`it is last` : null,
                },
                {
                  id: 'remove',
                  label: t`Take away`,
                  icon: 'trash',
                  run: onRemove,
                  unavailable: count === 1 ? t`a policy needs a step` : null,
                },
              ]}
            />
          )}
        </div>
        <TargetPicker
          label={t`Who step ${number} pages`}
          targets={step.targets}
          world={world}
          nowMs={nowMs}
          disabled={disabled}
          onChange={(targets) => set({ targets })}
        />
        {errors.map((error) => (
          <p key={error} className="step-note" role="status">
            <Icon name="refused" small />
            <span>{error}</span>
          </p>
        ))}
        {warnings.map((warning) => (
          <p key={warning} className="step-note">
            <Icon name="incidents" small />
            <span>{warning}</span>
          </p>
        ))}
        <div className="step-options">
          <TextField
            label={t`Next step after (min)`}
            value={step.delay}
            onChange={(delay) => set({ delay })}
            isDisabled={disabled}
          />
          <Select
            label={t`Hours`}
            options={[
              { value: 'any', label: t`At any hour` },
              { value: 'working', label: t`In working hours` },
              { value: 'outside', label: t`Outside of them` },
            ]}
            value={step.when.hours}
            onChange={(hours) => set({ when: { ...step.when, hours } })}
            disabled={disabled}
          />
          <Select
            label={t`As`}
            options={[
              { value: 'by-route', label: t`The route says` },
              { value: 'important', label: t`Important` },
              { value: 'default', label: t`Default` },
            ]}
            value={step.priority}
            onChange={(priority) => set({ priority })}
            disabled={disabled}
          />
        </div>
        <div className="row wrap step-severities" role="group" aria-label={t`Severities of step ${number}`}>
          <span className="small-text muted">{t`Severities`}</span>
          {severities.map((severity) => (
            <Checkbox
              key={severity}
              isSelected={isFor(step, severity)}
              isDisabled={disabled || isForOnly(step, severity)}
              onChange={(on) => set({ when: { ...step.when, severities: withSeverity(step, severity, on) } })}
            >
              <Mark kind={severity} size="small" label={severityName(severity)} />
            </Checkbox>
          ))}
          <span className="grow" />
          {step.targets.length > 1 ? (
            <Checkbox isSelected={step.roundRobin} isDisabled={disabled} onChange={(roundRobin) => set({ roundRobin })}>
              {t`One of them in turn, not all at once`}
            </Checkbox>
          ) : null}
        </div>
      </div>
    </li>
  );
}
