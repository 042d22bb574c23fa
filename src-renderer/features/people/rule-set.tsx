import type { ContactMethodDraft } from '#server/contract/responder.ts';
import { t } from '../../language/words.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import type { ProfileErrors, RuleForm } from './profile-draft.ts';
import { kindWords, methodName, type RulePlace, rulePlaces, rulesWords } from './profile-words.ts';

interface RuleSetProps {
  name: 'important' | 'default';
  rules: readonly RuleForm[];
  methods: readonly ContactMethodDraft[];
  errors: ProfileErrors;
  disabled: boolean;
  onChange: (rules: RuleForm[]) => void;
}

const titles = { important: t`Important pages`, default: t`Other pages` } as const;

/** "Push now, text after 2 minutes, call after 5", as a line of minutes and as fields. */
export function RuleSet({ name, rules, methods, errors, disabled, onChange }: RuleSetProps) {
  const known = rules.flatMap(({ methodId, delay }) => {
    const delayMinutes = /^\s*\d{1,3}\s*$/.test(delay) ? Number(delay) : null;
    return delayMinutes === null ? [] : [{ methodId, delayMinutes }];
  });
  const options = methods.map((method) => ({
    value: method.id,
    label: methodName(method),
    mark: <Icon name={kindWords[method.kind].icon} small />,
  }));
  const add = (): void => {
    const used = new Set(rules.map(({ methodId }) => methodId));
    const next = methods.find(({ id }) => !used.has(id)) ?? methods[0];
    if (next === undefined) return;
    const latest = Math.max(-2, ...known.map(({ delayMinutes }) => delayMinutes));
    const key = String(Math.max(-1, ...rules.map((rule) => Number(rule.key))) + 1);
    onChange([...rules, { key, methodId: next.id, delay: String(latest + 2) }]);
  };
  return (
    <section className="rule-set" aria-label={titles[name]}>
      <div className="row wrap">
        <h3>{titles[name]}</h3>
        <span className="muted">{rulesWords(known, methods)}</span>
      </div>
      <RuleLine places={rulePlaces(known, methods)} />
      <ul className="rule-rows">
        {rules.map((rule, index) => (
          <li key={rule.key}>
            <Select
              label={t`Way of rule ${index + 1}, ${titles[name]}`}
              hideLabel
              options={options}
              value={rule.methodId}
              onChange={(methodId) => onChange(rules.with(index, { ...rule, methodId }))}
              disabled={disabled}
            />
            <span className="muted nowrap">{t`after`}</span>
            <TextField
              label={t`Minutes of rule ${index + 1}, ${titles[name]}`}
              hideLabel
              value={rule.delay}
              onChange={(delay) => onChange(rules.with(index, { ...rule, delay }))}
              error={errors[`rule:${name}:${rule.key}`] ?? null}
              isDisabled={disabled}
            />
            <span className="muted">{t`min`}</span>
            {disabled ? null : (
              <Button
                look="ghost"
                compact
                icon="close"
                aria-label={t`Take away rule ${index + 1}, ${titles[name]}`}
                onPress={() => onChange(rules.toSpliced(index, 1))}
              />
            )}
          </li>
        ))}
      </ul>
      {disabled ? null : (
        <div className="row">
          <Button
            compact
            icon="plus"
            unavailable={methods.length === 0 ? t`Add a way to be reached first.` : null}
            onPress={add}
          >
            {t`Add a rule`}
          </Button>
        </div>
      )}
    </section>
  );
}

/** The sentence beside it says the same. */
function RuleLine({ places }: { places: readonly RulePlace[] }) {
  const last = Math.max(1, places.at(-1)?.minute ?? 0);
  if (places.length === 0) return null;
  return (
    <div className="rule-line" aria-hidden="true">
      {places.map(({ minute, kinds }) => (
        <span key={minute} className="rule-stop" style={{ left: `${(minute / last) * 100}%` }}>
          <span className="rule-icons">
            {kinds.map((kind, index) => (
              <Icon key={`${kind} ${index}`} name={kindWords[kind].icon} small />
            ))}
          </span>
          <span className="micro">{minute === 0 ? t`now` : t`${minute} min`}</span>
        </span>
      ))}
    </div>
  );
}
