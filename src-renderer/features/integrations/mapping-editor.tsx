import { useState } from 'react';
import type { GenericMapping, Integration, MappingTrial } from '#server/contract/integration.ts';
import { Failure, useAsked, useCall } from '../../api/asked.tsx';
import { t } from '../../language/words.ts';
import { useCanRole } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { KeyValues } from '../../ui/key-values.tsx';
import { Mark } from '../../ui/mark.tsx';
import { SectionHead } from '../../ui/panel.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useDebounced } from '../../ui/use-debounced.ts';
import { exampleMapping, exampleSample, mappingFields, parseSample } from './mapping-draft.ts';

/** CEL per field over a pasted post, with what becomes of it while it is typed. */
export function MappingEditor({ integration }: { integration: Integration }) {
  const cannot = useCanRole()('manager');
  const [mapping, setMapping] = useState<GenericMapping | null>(integration.mapping);
  const [sample, setSample] = useState(exampleSample);
  const parsed = parseSample(sample);
  const question = useDebounced(JSON.stringify({ mapping, sample }), 350);
  const trial = useAsked(
    ['try-mapping', question],
    (api) =>
      api.integrations.tryMapping.mutate(JSON.parse(question) as { mapping: GenericMapping | null; sample: string }),
    { enabled: parsed.ok && cannot === null && (mapping === null || mapping.title.trim() !== ''), keepLast: true },
  );
  const save = useCall((api, next: GenericMapping | null) =>
    api.integrations.update.mutate({ id: integration.id, mapping: next }),
  );
  const changed = JSON.stringify(mapping) !== JSON.stringify(integration.mapping);
  const errorOf = (field: string): string | null => {
    const error = trial.data?.errors.find((one) => one.field === field);
    if (error === undefined) return null;
    return error.position === undefined ? error.reason : t`${error.reason} (character ${error.position + 1})`;
  };

  return (
    <section className="mapping" aria-label={t`Mapping`}>
      <SectionHead
        title={t`Mapping`}
        actions={
          <Segmented
            label={t`How posts are read`}
            options={[
              { value: 'usual', label: t`usual names` },
              { value: 'own', label: t`own mapping` },
            ]}
            value={mapping === null ? 'usual' : 'own'}
            onChange={(value) => setMapping(value === 'usual' ? null : (integration.mapping ?? exampleMapping))}
          />
        }
      />
      <p className="small-text muted">
        {mapping === null
          ? t`title, message, severity, service, status and their like are found by name. Any other shape needs a mapping of its own.`
          : t`Each field is a CEL expression over body, the posted item.`}
      </p>
      <TextField
        label={t`A post of your tool`}
        code
        rows={6}
        value={sample}
        onChange={setSample}
        error={parsed.ok ? null : parsed.reason}
        spellCheck="false"
      />
      {trial.failure === null ? null : (
        <Failure what={t`The sample could not be tried`} failure={trial.failure} onRetry={trial.again} />
      )}
      {trial.data === undefined ? null : <TrialOf trial={trial.data} />}
      {mapping === null
        ? null
        : mappingFields.map((field) => (
            <TextField
              key={field.name}
              label={field.label}
              code
              value={mapping[field.name]}
              onChange={(text) => setMapping({ ...mapping, [field.name]: text })}
              error={
                field.name === 'title' && mapping.title.trim() === '' ? t`A title is needed.` : errorOf(field.name)
              }
              help={field.help}
              spellCheck="false"
            />
          ))}
      <div className="row">
        <Button
          look={changed ? 'primary' : 'plain'}
          unavailable={cannot}
          isDisabled={!changed || save.busy || (trial.data?.errors.length ?? 0) > 0}
          onPress={() => void save.run(mapping)}
        >
          {t`Save the mapping`}
        </Button>
        <span className="small-text faint">{changed ? t`Takes effect within 5 seconds of saving.` : t`Saved.`}</span>
      </div>
      {save.failure === null ? null : <Failure what={t`The mapping was not saved`} failure={save.failure} />}
    </section>
  );
}

function TrialOf({ trial }: { trial: MappingTrial }) {
  return (
    <div className="mapping-result" aria-label={t`What becomes of the sample`} aria-live="polite">
      {trial.reason === null ? null : <div className="item">{trial.reason}</div>}
      {trial.alerts.map((alert, i) => (
        <div key={i} className="item">
          <div className="row">
            <Mark kind={alert.severity} size="small" />
            <span className="clip medium">{alert.title}</span>
            <span className="chip outlined">
              {alert.action === 'fire' ? t`fires` : alert.action === 'resolve' ? t`resolves` : t`acknowledges`}
            </span>
          </div>
          <KeyValues
            entries={[
              ['service', alert.service ?? 'none'],
              ['identity', alert.dedupKey],
              ...Object.entries(alert.labels),
              ...(alert.sourceUrl === null ? [] : [['source', alert.sourceUrl] as const]),
              ...(alert.runbookUrl === null ? [] : [['runbook', alert.runbookUrl] as const]),
            ]}
          />
        </div>
      ))}
      {trial.rejected.map((item) => (
        <div key={item.index} className="item small-text">
          {t`Item ${item.index + 1} would be refused: ${item.reason}`}
        </div>
      ))}
    </div>
  );
}
