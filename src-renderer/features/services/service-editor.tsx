import { useMemo } from 'react';
import type { Service, ServiceDetail, ServiceDraft } from '#server/contract/service.ts';
import { serviceKinds } from '#server/contract/service.ts';
import { Failure, useAsked } from '../../api/asked.tsx';
import { whyNot } from '../../api/can.ts';
import { t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useCan, useMe, useTable } from '../../session.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { TokenField } from '../../ui/token-field.tsx';
import { DocumentHead } from '../config/document-head.tsx';
import { formName } from '../config/kept-forms.ts';
import { useEditorForm } from '../config/use-editor-form.ts';
import { checkService, type ServiceForm, serviceFormOf } from './service-draft.ts';
import type { ServiceGraph } from './service-graph.ts';
import { kindWords } from './service-words.ts';
import { useServiceActions, useServiceConflicts } from './use-services.ts';

/** Names offered while typing; a browser's list of thousands helps nobody. */
const suggestedMost = 500;

/** Asks the server first, and again once somebody saves it: the runbook is not in this client's copy. */
export function ServiceEditorOf({ service, graph }: { service: Service; graph: ServiceGraph }) {
  const { id, version } = service;
  const asked = useAsked(
    ['service-editor', id, version],
    (api, signal) => api.services.get.query({ name: id }, { signal }),
    { goodForMs: 0, keepLast: true },
  );
  if (asked.data !== undefined) return <ServiceEditor service={asked.data} graph={graph} />;
  if (asked.failure !== null) return <Failure what={t`The service was not read`} failure={asked.failure} />;
  return <p className="muted">{t`Reading…`}</p>;
}

export function ServiceEditor({ service, graph }: { service: ServiceDetail | null; graph: ServiceGraph }) {
  const { role } = useMe();
  const cannot = useCan()('service.save');
  const teams = useTable('team');
  const show = useToasts((state) => state.show);
  const editor = useServiceForm(service);
  const { form, set, tried } = editor;
  const { draft, errors } = checkService(form);
  const names = useMemo(() => [...graph.services.values()].slice(0, suggestedMost).map(({ name }) => name), [graph]);
  const disabled = whyNot('service.save', { role, reachable: true }) !== null;
  const said = (field: keyof ServiceForm): string | null => (tried ? (errors[field] ?? null) : null);

  const submit = async (): Promise<void> => {
    const saved = await editor.save(draft);
    if (saved === null || draft === null) return;
    show({ text: t`${draft.name} is saved. Alerts follow it from their next signal on.` });
    editor.openMade(paths.service(saved.id));
  };

  return (
    <div className="rule-editor">
      <DocumentHead
        editor={editor}
        title={form.name.trim() === '' ? t`New service` : form.name}
        back={{ to: service === null ? paths.services() : paths.service(service.id), label: t`Back` }}
        document={service === null ? null : { ...service, origin: service.source === 'hand' ? 'ui' : 'yaml' }}
        cannot={cannot}
        onSave={() => void submit()}
      />
      {service === null || service.source === 'hand' ? null : (
        <p className="small-text muted">
          {t`A file brought this service. Its next apply takes back what you change here, unless you change the file too.`}
        </p>
      )}
      <div className="rule-fields">
        <TextField
          label={t`Name`}
          value={form.name}
          onChange={(name) => set({ name })}
          error={said('name')}
          isDisabled={disabled}
          maxLength={200}
        />
        <div className="form-grid">
          <Select
            label={t`Kind`}
            options={serviceKinds.map((kind) => ({ value: kind, label: kindWords[kind] }))}
            value={form.kind}
            onChange={(kind) => set({ kind })}
            disabled={disabled}
          />
          <Select
            label={t`Team`}
            options={[
              { value: '', label: form.ownerText === '' ? t`Nobody` : t`${form.ownerText} (no team)` },
              ...[...teams.rows.values()].map(({ id, name }) => ({ value: id, label: name })),
            ]}
            value={form.team}
            onChange={(team) => set({ team })}
            disabled={disabled}
          />
          <Select
            label={t`Tier`}
            options={[
              { value: '', label: t`None` },
              ...['1', '2', '3', '4'].map((tier) => ({
                value: tier,
                label: tier === '1' ? t`1, what customers notice first` : tier,
              })),
            ]}
            value={form.tier}
            onChange={(tier) => set({ tier })}
            disabled={disabled}
          />
        </div>
        <TextField
          label={t`What it does`}
          value={form.description}
          onChange={(description) => set({ description })}
          error={said('description')}
          isDisabled={disabled}
          maxLength={2_000}
        />
        <TokenField
          label={t`Depends on`}
          tokens={form.dependsOn}
          onChange={(dependsOn) => set({ dependsOn })}
          suggestions={names}
          placeholder="payments-db"
          help={t`What is broken when one of these is.`}
          disabled={disabled}
        />
        <TokenField
          label={t`Also called`}
          tokens={form.aliases}
          onChange={(aliases) => set({ aliases })}
          placeholder="checkout-api"
          help={t`Other names by which alerts call it.`}
          disabled={disabled}
        />
        <TextField
          label={t`Labels of its alerts`}
          rows={3}
          code
          value={form.bindings}
          onChange={(bindings) => set({ bindings })}
          error={errors.bindings ?? null}
          help={t`One rule a line; an alert that carries all its labels is about this service: app=checkout, env=prod`}
          isDisabled={disabled}
        />
        <TextField
          label={t`When it is down, people cannot`}
          rows={2}
          value={form.journeys}
          onChange={(journeys) => set({ journeys })}
          error={said('journeys')}
          help={t`One a line: pay with a card`}
          isDisabled={disabled}
        />
        <TextField
          label={t`Links`}
          rows={3}
          code
          value={form.links}
          onChange={(links) => set({ links })}
          error={errors.links ?? null}
          help={t`One a line: dashboard | Requests and errors | https://…`}
          isDisabled={disabled}
        />
        <TextField
          label={t`Runbook`}
          rows={8}
          value={form.runbook}
          onChange={(runbook) => set({ runbook })}
          error={said('runbook')}
          help={t`Markdown: what to do when it breaks.`}
          isDisabled={disabled}
          maxLength={20_000}
        />
      </div>
    </div>
  );
}

function useServiceForm(service: ServiceDetail | null) {
  const { save, busy } = useServiceActions();
  const conflicts = useServiceConflicts(service?.id ?? null);
  return useEditorForm<ServiceDetail, ServiceForm, ServiceDraft>({
    nameOf: (made) => formName('service', made ?? service?.id ?? null),
    row: service,
    formOf: serviceFormOf,
    conflicts,
    busy,
    send: save,
    bodyOf: (draft) => draft,
  });
}
