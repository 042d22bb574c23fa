import { useState } from 'react';
import type { TrialChange } from '#server/contract/paging-trial.ts';
import type { Route } from '#server/contract/route.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useNameOf, useSession, useTable } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { useCommands } from '../../ui/commands.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { ChangedElsewhere, EditorHead, Refusal } from '../config/editor-head.tsx';
import { FindingList } from '../config/finding-list.tsx';
import { useCanWrite, useConflictsOf, useDocumentActions } from '../config/use-document.ts';
import { ConflictSheet } from '../incidents/conflict-sheet.tsx';
import { useConditionCheck } from './condition-check.ts';
import { PageSomebody } from './page-somebody.tsx';
import { PagingTrialPanel } from './paging-trial.tsx';
import { checkRoute, type RouteForm, routeFormOf } from './route-draft.ts';
import { routeWords } from './route-words.ts';

const nobody = 'nobody';

interface RouteEditorProps {
  /** Null is a new one. */
  route: Route | null;
  /** From 1. */
  place: number;
  of: number;
  onDelete: () => void;
}

/** One route: its sentence, its fields, and the time machine before it is saved. */
export function RouteEditor({ route, place, of, onDelete }: RouteEditorProps) {
  const { uuid } = useSession();
  const nameOf = useNameOf();
  const policies = useTable('policy');
  const channels = useTable('channel');
  const cannot = useCanWrite('route');
  const show = useToasts((state) => state.show);
  const { save, busy } = useDocumentActions();
  const [newId] = useState(uuid);
  const [form, setForm] = useState<RouteForm>(() => routeFormOf(route));
  const [basis, setBasis] = useState(route);
  const [tried, setTried] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const conflicts = useConflictsOf('route', route?.id ?? null);
  const { draft, errors } = checkRoute(form);
  const text = JSON.stringify(form);
  const changed = text !== JSON.stringify(routeFormOf(basis));
  const theirs = JSON.stringify(routeFormOf(route));
  const newer = route !== null && basis !== null && route.version > basis.version;
  // Theirs became mine, or nothing of mine is between the two.
  if (newer && (theirs === text || !changed)) {
    setBasis(route);
    setForm(routeFormOf(route));
  }
  const builtIn = route?.builtIn ?? false;
  const note = useConditionCheck(builtIn ? '' : form.condition);
  const conditionError = (tried || changed ? errors.condition : undefined) ?? (note?.ok === false ? note.text : null);
  const disabled = cannot !== null;
  const set = (change: Partial<RouteForm>): void => setForm({ ...form, ...change });

  const submit = async (): Promise<void> => {
    setTried(true);
    if (draft === null) return setRefusal('a field below is not valid yet.');
    setRefusal(null);
    const saved = await save({ kind: 'route', draft }, basis ?? { id: newId, version: null });
    if (saved.outcome === 'refused') return setRefusal(saved.reason);
    if (saved.outcome === 'conflict') return;
    show({ text: `${draft.name} is saved. It decides about incidents from now on.` });
    if (route === null) navigate(paths.route(saved.id), { replace: true });
    else setBasis({ ...route, ...draft, version: saved.version ?? route.version });
  };
  useCommands([{ id: 'save', label: 'save', hint: changed, unavailable: cannot, run: () => void submit() }]);

  const changes: TrialChange[] | null =
    draft === null ? null : [{ op: 'save', id: route?.id ?? newId, document: { kind: 'route', draft } }];
  return (
    <div className="rule-editor">
      <EditorHead
        title={form.name.trim() === '' ? 'New route' : form.name}
        back={{ to: paths.routing(), label: 'All routes' }}
        document={route}
        changed={changed}
        busy={busy}
        cannot={cannot}
        onPutBack={() => {
          setForm(routeFormOf(route));
          setBasis(route);
          setRefusal(null);
        }}
        onSave={() => void submit()}
        actions={
          route === null || builtIn ? null : (
            <Button
              look="ghost"
              icon="trash"
              aria-label={`Delete ${route.name}`}
              unavailable={cannot}
              onPress={onDelete}
            />
          )
        }
      />
      {newer && theirs !== text && changed ? <ChangedElsewhere by={nameOf(route.updatedBy)} /> : null}
      {conflicts.length > 0 ? <ConflictSheet items={conflicts} /> : null}
      <Refusal reason={refusal} />
      {builtIn && form.policyId === null ? (
        <PageSomebody onChoose={(policyId) => set({ policyId })} />
      ) : (
        <FindingList
          findings={(route?.findings ?? []).filter(({ code }) => code !== 'nobody' || form.policyId === null)}
        />
      )}
      <p className="rule-sentence" aria-live="polite">
        {draft === null ? (
          <span className="muted">The route in one sentence appears here once its fields are valid.</span>
        ) : (
          <>
            {route === null ? '' : `Tried ${place} of ${of}. `}
            {routeWords(draft, builtIn, {
              policy: (id) => policies.rows.get(id)?.name ?? null,
              channel: (id) => channels.rows.get(id)?.name ?? 'a channel that is gone',
            })}
          </>
        )}
      </p>
      <div className="rule-fields">
        <TextField
          label="Name"
          value={form.name}
          onChange={(name) => set({ name })}
          error={tried ? (errors.name ?? null) : null}
          isDisabled={disabled}
          maxLength={300}
        />
        <TextField
          label="Condition"
          code
          rows={2}
          value={builtIn ? 'true' : form.condition}
          onChange={(condition) => set({ condition })}
          error={conditionError}
          isDisabled={disabled || builtIn}
          help={
            builtIn
              ? 'Takes every incident that no route above it took. It stays last and cannot be deleted.'
              : note?.ok === true
                ? note.text
                : 'CEL over alert (its worst: title, severity, service, source, labels) and incident.'
          }
        />
        <div className="form-grid">
          <Select
            label="Pages with the policy"
            options={[
              ...[...policies.rows.values()]
                .toSorted((a, b) => a.name.localeCompare(b.name))
                .map(({ id, name }) => ({ value: id, label: name })),
              { value: nobody, label: 'Nobody: only write it down' },
            ]}
            value={form.policyId ?? nobody}
            onChange={(value) => set({ policyId: value === nobody ? null : value })}
            disabled={disabled}
          />
          <TextField
            label="Waits before the first page (s)"
            value={form.hold}
            onChange={(hold) => set({ hold })}
            error={errors.hold ?? null}
            help="so that what comes together is told together"
            isDisabled={disabled}
          />
          <TextField
            label="Service, when its alerts name none"
            value={form.service}
            onChange={(service) => set({ service })}
            isDisabled={disabled}
            maxLength={300}
          />
        </div>
        <div className="field">
          <span className="label">Priority: which of a person’s rules run</span>
          <Segmented
            label="Priority"
            options={[
              { value: 'by-severity', label: 'by severity' },
              { value: 'important', label: 'important' },
              { value: 'default', label: 'default' },
            ]}
            value={form.priority}
            onChange={(priority) => {
              if (!disabled) set({ priority });
            }}
          />
        </div>
        <ChannelPicks chosen={form.channelIds} disabled={disabled} onChange={(channelIds) => set({ channelIds })} />
      </div>
      <PagingTrialPanel changes={changes} label="with this route" />
    </div>
  );
}

interface ChannelPicksProps {
  chosen: readonly string[];
  disabled: boolean;
  onChange: (ids: string[]) => void;
}

/** Telling is not paging: these hear of the incident as it goes on. */
function ChannelPicks({ chosen, disabled, onChange }: ChannelPicksProps) {
  const channels = useTable('channel');
  const list = [...channels.rows.values()]
    .filter(({ id, kind, enabled }) => chosen.includes(id) || (enabled && kind !== 'twilio'))
    .toSorted((a, b) => a.name.localeCompare(b.name));
  return (
    <div className="field" role="group" aria-label="Also tells">
      <span className="label">Also tells, as it opens and goes on</span>
      {list.length === 0 ? (
        <span className="help">
          There is no channel yet. <a href={paths.channels()}>Channels</a>
        </span>
      ) : (
        <div className="channel-picks">
          {list.map(({ id, name, enabled }) => (
            <Checkbox
              key={id}
              isSelected={chosen.includes(id)}
              isDisabled={disabled}
              onChange={(on) => onChange(on ? [...chosen, id] : chosen.filter((one) => one !== id))}
            >
              {name}
              {enabled ? '' : ' (off)'}
            </Checkbox>
          ))}
        </div>
      )}
    </div>
  );
}
