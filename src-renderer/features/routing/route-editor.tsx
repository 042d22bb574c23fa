import type { TrialChange } from '#server/contract/paging-trial.ts';
import type { Route } from '#server/contract/route.ts';
import { byName } from '../../by-name.ts';
import { rich } from '../../language/rich.ts';
import { t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useTable } from '../../session.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { FindingList } from '../config/finding-list.tsx';
import { useCanWrite, useMayWrite } from '../config/use-document.ts';
import { DocumentHead } from '../config/document-head.tsx';
import { useDocumentForm } from '../config/use-document-form.ts';
import { useConditionCheck } from './condition-check.ts';
import { PageSomebody } from './page-somebody.tsx';
import { PagingTrialPanel } from './paging-trial.tsx';
import { checkRoute, routeFormOf } from './route-draft.ts';
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
  const policies = useTable('policy');
  const channels = useTable('channel');
  const cannot = useCanWrite('route');
  const show = useToasts((state) => state.show);
  const editor = useDocumentForm('route', route, routeFormOf);
  const { form, set, tried, changed } = editor;
  const { draft, errors } = checkRoute(form);
  const builtIn = route?.builtIn ?? false;
  const note = useConditionCheck(builtIn ? '' : form.condition);
  const conditionError = (tried || changed ? errors.condition : undefined) ?? (note?.ok === false ? note.text : null);
  const disabled = useMayWrite('route') !== null;

  const submit = async (): Promise<void> => {
    const saved = await editor.save(draft === null ? null : { kind: 'route', draft });
    if (saved === null || draft === null) return;
    show({ text: t`${draft.name} is saved. It decides about incidents from now on.` });
    if (route === null) editor.openMade(paths.route(saved.id));
  };

  const changes: TrialChange[] | null =
    draft === null ? null : [{ op: 'save', id: editor.id, document: { kind: 'route', draft } }];
  return (
    <div className="rule-editor">
      <DocumentHead
        editor={editor}
        title={form.name.trim() === '' ? t`New route` : form.name}
        back={{ to: paths.routing(), label: t`All routes` }}
        document={route}
        cannot={cannot}
        onSave={() => void submit()}
        onDelete={builtIn ? undefined : onDelete}
      />
      {builtIn && form.policyId === null ? (
        <PageSomebody onChoose={(policyId) => set({ policyId })} />
      ) : (
        <FindingList
          findings={(route?.findings ?? []).filter(({ code }) => code !== 'nobody' || form.policyId === null)}
        />
      )}
      <p className="rule-sentence" aria-live="polite">
        {draft === null ? (
          <span className="muted">{t`The route in one sentence appears here once its fields are valid.`}</span>
        ) : (
          <>
            {route === null ? '' : `${t`Tried ${place} of ${of}.`} `}
            {routeWords(draft, builtIn, {
              policy: (id) => policies.rows.get(id)?.name ?? null,
              channel: (id) => channels.rows.get(id)?.name ?? t`a channel that is gone`,
            })}
          </>
        )}
      </p>
      <div className="rule-fields">
        <TextField
          label={t`Name`}
          value={form.name}
          onChange={(name) => set({ name })}
          error={tried ? (errors.name ?? null) : null}
          isDisabled={disabled}
          maxLength={300}
        />
        <TextField
          label={t`Condition`}
          code
          rows={2}
          value={builtIn ? 'true' : form.condition}
          onChange={(condition) => set({ condition })}
          error={conditionError}
          isDisabled={disabled || builtIn}
          help={
            builtIn
              ? t`Takes every incident that no route above it took. It stays last and cannot be deleted.`
              : note?.ok === true
                ? note.text
                : t`CEL over alert (its worst: title, severity, service, source, labels) and incident.`
          }
        />
        <div className="form-grid">
          <Select
            label={t`Pages with the policy`}
            options={[
              ...[...policies.rows.values()]
                .toSorted((a, b) => byName(a.name, b.name))
                .map(({ id, name }) => ({ value: id, label: name })),
              { value: nobody, label: t`Nobody: only write it down` },
            ]}
            value={form.policyId ?? nobody}
            onChange={(value) => set({ policyId: value === nobody ? null : value })}
            disabled={disabled}
          />
          <TextField
            label={t`Waits before the first page (s)`}
            value={form.hold}
            onChange={(hold) => set({ hold })}
            error={errors.hold ?? null}
            help={t`so that what comes together is told together`}
            isDisabled={disabled}
          />
          <TextField
            label={t`Service, when its alerts name none`}
            value={form.service}
            onChange={(service) => set({ service })}
            isDisabled={disabled}
            maxLength={300}
          />
        </div>
        <div className="field">
          <span className="label">{t`Priority: which of a person’s rules run`}</span>
          <Segmented
            label={t`Priority`}
            options={[
              { value: 'by-severity', label: t`by severity` },
              { value: 'important', label: t`important` },
              { value: 'default', label: t`default` },
            ]}
            value={form.priority}
            onChange={(priority) => {
              if (!disabled) set({ priority });
            }}
          />
        </div>
        <ChannelPicks chosen={form.channelIds} disabled={disabled} onChange={(channelIds) => set({ channelIds })} />
      </div>
      <PagingTrialPanel changes={changes} label={t`with this route`} />
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
    .toSorted((a, b) => byName(a.name, b.name));
  return (
    <div className="field" role="group" aria-label={t`Also tells`}>
      <span className="label">{t`Also tells, as it opens and goes on`}</span>
      {list.length === 0 ? (
        <span className="help">{rich`There is no channel yet. ${<a href={paths.channels()}>{t`Channels`}</a>}`}</span>
      ) : (
        <div className="channel-picks">
          {list.map(({ id, name, enabled }) => (
            <Checkbox
              key={id}
              isSelected={chosen.includes(id)}
              isDisabled={disabled}
              onChange={(on) => onChange(on ? [...chosen, id] : chosen.filter((one) => one !== id))}
            >
              {enabled ? name : t`${name} (off)`}
            </Checkbox>
          ))}
        </div>
      )}
    </div>
  );
}
