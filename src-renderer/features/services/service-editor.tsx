import { useMemo, useState } from 'react';
import type { ServiceDetail } from '#server/contract/service.ts';
import { serviceKinds } from '#server/contract/service.ts';
import { Failure, useAsked } from '../../api/asked.tsx';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useCan, useTable } from '../../session.tsx';
import { useCommands } from '../../ui/commands.ts';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { TokenField } from '../../ui/token-field.tsx';
import { EditorHead, Refusal } from '../config/editor-head.tsx';
import { ConflictSheet } from '../incidents/conflict-sheet.tsx';
import { checkService, type ServiceForm, serviceFormOf } from './service-draft.ts';
import type { ServiceGraph } from './service-graph.ts';
import { kindWords } from './service-words.ts';
import { useServiceActions, useServiceConflicts } from './use-services.ts';

/** Names offered while typing; a browser's list of thousands helps nobody. */
const suggestedMost = 500;

/** Asks the server first: the runbook is not in this client's copy. */
export function ServiceEditorOf({ name, graph }: { name: string; graph: ServiceGraph }) {
  const asked = useAsked(['service-editor', name], (api, signal) => api.services.get.query({ name }, { signal }), {
    goodForMs: 0,
  });
  // What somebody else saves meanwhile must not change what is being typed.
  const [opened, setOpened] = useState<ServiceDetail | null>(null);
  if (opened === null && asked.data !== undefined && !asked.asking) setOpened(asked.data);
  if (opened !== null) return <ServiceEditor service={opened} graph={graph} />;
  if (asked.failure !== null) return <Failure what="The service was not read" failure={asked.failure} />;
  return <p className="muted">Reading…</p>;
}

export function ServiceEditor({ service, graph }: { service: ServiceDetail | null; graph: ServiceGraph }) {
  const cannot = useCan()('service.save');
  const teams = useTable('team');
  const show = useToasts((state) => state.show);
  const { save, busy } = useServiceActions();
  const [form, setForm] = useState<ServiceForm>(() => serviceFormOf(service));
  const [tried, setTried] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const conflicts = useServiceConflicts(service?.id ?? null);
  const { draft, errors } = checkService(form);
  const changed = JSON.stringify(form) !== JSON.stringify(serviceFormOf(service));
  const names = useMemo(() => [...graph.services.values()].slice(0, suggestedMost).map(({ name }) => name), [graph]);
  const disabled = cannot !== null;
  const set = (change: Partial<ServiceForm>): void => setForm({ ...form, ...change });
  const said = (field: keyof ServiceForm): string | null => (tried ? (errors[field] ?? null) : null);

  const submit = async (): Promise<void> => {
    setTried(true);
    if (draft === null) return setRefusal('a field below is not valid yet.');
    setRefusal(null);
    const answer = await save(draft, service);
    if (answer.outcome === 'refused') return setRefusal(answer.reason);
    if (answer.outcome === 'conflict') return;
    show({ text: `${draft.name} is saved. Alerts follow it from their next signal on.` });
    navigate(paths.service(answer.id), { replace: true });
  };
  useCommands([{ id: 'save', label: 'save', hint: changed, unavailable: cannot, run: () => void submit() }]);

  return (
    <div className="rule-editor">
      <EditorHead
        title={form.name.trim() === '' ? 'New service' : form.name}
        back={{ to: service === null ? paths.services() : paths.service(service.id), label: 'Back' }}
        document={service === null ? null : { ...service, origin: service.source === 'hand' ? 'ui' : 'yaml' }}
        changed={changed}
        busy={busy}
        cannot={cannot}
        onPutBack={() => {
          setForm(serviceFormOf(service));
          setRefusal(null);
        }}
        onSave={() => void submit()}
      />
      {conflicts.length > 0 ? <ConflictSheet items={conflicts} /> : null}
      <Refusal reason={refusal} />
      {service === null || service.source === 'hand' ? null : (
        <p className="small-text muted">
          A file brought this service. Its next apply takes back what you change here, unless you change the file too.
        </p>
      )}
      <div className="rule-fields">
        <div className="form-grid">
          <TextField
            label="Name"
            value={form.name}
            onChange={(name) => set({ name })}
            error={said('name')}
            isDisabled={disabled}
            maxLength={200}
          />
          <Select
            label="Kind"
            options={serviceKinds.map((kind) => ({ value: kind, label: kindWords[kind] }))}
            value={form.kind}
            onChange={(kind) => set({ kind })}
            disabled={disabled}
          />
          <Select
            label="Team"
            options={[
              { value: '', label: form.ownerText === '' ? 'Nobody' : `${form.ownerText} (no team)` },
              ...[...teams.rows.values()].map(({ id, name }) => ({ value: id, label: name })),
            ]}
            value={form.team}
            onChange={(team) => set({ team })}
            disabled={disabled}
          />
          <Select
            label="Tier"
            options={[
              { value: '', label: 'None' },
              ...['1', '2', '3', '4'].map((tier) => ({
                value: tier,
                label: tier === '1' ? '1, what customers notice first' : tier,
              })),
            ]}
            value={form.tier}
            onChange={(tier) => set({ tier })}
            disabled={disabled}
          />
        </div>
        <TextField
          label="What it does"
          value={form.description}
          onChange={(description) => set({ description })}
          error={said('description')}
          isDisabled={disabled}
          maxLength={2_000}
        />
        <TokenField
          label="Depends on"
          tokens={form.dependsOn}
          onChange={(dependsOn) => set({ dependsOn })}
          suggestions={names}
          placeholder="payments-db"
          help="What is broken when one of these is."
          disabled={disabled}
        />
        <TokenField
          label="Also called"
          tokens={form.aliases}
          onChange={(aliases) => set({ aliases })}
          placeholder="checkout-api"
          help="Other names by which alerts call it."
          disabled={disabled}
        />
        <TextField
          label="Labels of its alerts"
          rows={3}
          code
          value={form.bindings}
          onChange={(bindings) => set({ bindings })}
          error={errors.bindings ?? null}
          help="One rule a line; an alert that carries all its labels is about this service: app=checkout, env=prod"
          isDisabled={disabled}
        />
        <TextField
          label="When it is down, people cannot"
          rows={2}
          value={form.journeys}
          onChange={(journeys) => set({ journeys })}
          error={said('journeys')}
          help="One a line: pay with a card"
          isDisabled={disabled}
        />
        <TextField
          label="Links"
          rows={3}
          code
          value={form.links}
          onChange={(links) => set({ links })}
          error={errors.links ?? null}
          help="One a line: dashboard | Requests and errors | https://…"
          isDisabled={disabled}
        />
        <TextField
          label="Runbook"
          rows={8}
          value={form.runbook}
          onChange={(runbook) => set({ runbook })}
          error={said('runbook')}
          help="Markdown: what to do when it breaks."
          isDisabled={disabled}
          maxLength={20_000}
        />
      </div>
    </div>
  );
}
