import { useState } from 'react';
import type { Monitor } from '#server/contract/route.ts';
import { severities } from '#server/contract/severity.ts';
import { Failure, useCall } from '../../api/asked.tsx';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useCanRole, useNameOf, useSession } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { useCommands } from '../../ui/commands.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Mark, severityName } from '../../ui/mark.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { TokenField } from '../../ui/token-field.tsx';
import { ChangedElsewhere, EditorHead, Refusal } from '../config/editor-head.tsx';
import { FindingList } from '../config/finding-list.tsx';
import { useCanWrite, useConflictsOf, useDocumentActions } from '../config/use-document.ts';
import { ConflictSheet } from '../incidents/conflict-sheet.tsx';
import { checkMonitor, type MonitorForm, monitorFormOf } from './route-draft.ts';
import { monitorWords } from './route-words.ts';

/** One heartbeat: its sentence, its fields, and its address, which is shown once. */
export function MonitorEditor({ monitor, onDelete }: { monitor: Monitor | null; onDelete: () => void }) {
  const nameOf = useNameOf();
  const cannot = useCanWrite('monitor');
  const show = useToasts((state) => state.show);
  const { save, busy } = useDocumentActions();
  const [form, setForm] = useState<MonitorForm>(() => monitorFormOf(monitor));
  const [basis, setBasis] = useState(monitor);
  const [tried, setTried] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const conflicts = useConflictsOf('monitor', monitor?.id ?? null);
  const { draft, errors } = checkMonitor(form);
  const text = JSON.stringify(form);
  const changed = text !== JSON.stringify(monitorFormOf(basis));
  const theirs = JSON.stringify(monitorFormOf(monitor));
  // Each beat is a newer version too: only what people wrote counts as a change of somebody else's.
  const newer = monitor !== null && basis !== null && monitor.version > basis.version;
  const elsewhere = newer && theirs !== JSON.stringify(monitorFormOf(basis));
  if (newer && (!elsewhere || theirs === text || !changed)) {
    setBasis(monitor);
    if (!changed) setForm(monitorFormOf(monitor));
  }
  const disabled = cannot !== null;
  const set = (change: Partial<MonitorForm>): void => setForm({ ...form, ...change });

  const submit = async (): Promise<void> => {
    setTried(true);
    if (draft === null) return setRefusal('a field below is not valid yet.');
    setRefusal(null);
    const answer = await save({ kind: 'monitor', draft }, basis);
    if (answer.outcome === 'refused') return setRefusal(answer.reason);
    if (answer.outcome === 'conflict') return;
    show({
      text:
        monitor === null
          ? `${draft.name} is saved. Make its address next, and give it to the job.`
          : `${draft.name} is saved.`,
    });
    if (monitor === null) navigate(paths.monitor(answer.id), { replace: true });
    else setBasis({ ...monitor, ...draft, version: answer.version ?? monitor.version });
  };
  useCommands([{ id: 'save', label: 'save', hint: changed, unavailable: cannot, run: () => void submit() }]);

  return (
    <div className="rule-editor">
      <EditorHead
        title={form.name.trim() === '' ? 'New heartbeat' : form.name}
        back={{ to: paths.monitor(), label: 'All heartbeats' }}
        document={monitor}
        changed={changed}
        busy={busy}
        cannot={cannot}
        onPutBack={() => {
          setForm(monitorFormOf(monitor));
          setBasis(monitor);
          setRefusal(null);
        }}
        onSave={() => void submit()}
        actions={
          monitor === null ? null : (
            <Button
              look="ghost"
              icon="trash"
              aria-label={`Delete ${monitor.name}`}
              unavailable={cannot}
              onPress={onDelete}
            />
          )
        }
      />
      {elsewhere && changed ? <ChangedElsewhere by={nameOf(monitor.updatedBy)} /> : null}
      {conflicts.length > 0 ? <ConflictSheet items={conflicts} /> : null}
      <Refusal reason={refusal} />
      <FindingList findings={monitor?.findings ?? []} />
      <p className="rule-sentence">
        {draft === null ? (
          <span className="muted">What it watches appears here once its fields are valid.</span>
        ) : (
          monitorWords(draft)
        )}
      </p>
      <div className="rule-fields">
        <TextField
          label="Name of the job"
          value={form.name}
          onChange={(name) => set({ name })}
          error={tried ? (errors.name ?? null) : null}
          isDisabled={disabled}
          maxLength={300}
        />
        <div className="form-grid">
          <TextField
            label="Calls every"
            value={form.interval}
            onChange={(interval) => set({ interval })}
            error={errors.interval ?? null}
            isDisabled={disabled}
          />
          <TextField
            label="May be late by"
            value={form.grace}
            onChange={(grace) => set({ grace })}
            error={errors.grace ?? null}
            isDisabled={disabled}
          />
          <Select
            label="Its silence is"
            options={severities.map((severity) => ({
              value: severity,
              label: severityName(severity),
              mark: <Mark kind={severity} size="small" />,
            }))}
            value={form.severity}
            onChange={(severity) => set({ severity })}
            disabled={disabled}
          />
          <TextField
            label="Service"
            value={form.service}
            onChange={(service) => set({ service })}
            isDisabled={disabled}
            maxLength={300}
          />
        </div>
        <TokenField
          label="Labels of its alert"
          tokens={form.labels}
          onChange={(labels) => set({ labels })}
          suggestions={['env=prod', 'team=']}
          placeholder="env=prod"
          help={errors.labels ?? 'Routes and grouping rules see them.'}
          disabled={disabled}
        />
        <Checkbox isSelected={form.enabled} isDisabled={disabled} onChange={(enabled) => set({ enabled })}>
          Watched
        </Checkbox>
      </div>
      {monitor === null ? null : <Address monitor={monitor} />}
    </div>
  );
}

function Address({ monitor }: { monitor: Monitor }) {
  const { serverUrl } = useSession();
  const cannot = useCanRole()('manager');
  const call = useCall((api, id: string) => api.monitors.newKey.mutate({ id }));
  const [shown, setShown] = useState<{ key: string; url: string } | null>(null);
  const url = shown === null ? null : shown.url.startsWith('http') ? shown.url : `${serverUrl}${shown.url}`;
  return (
    <Panel
      title="Address"
      count={monitor.keyHint === '' ? 'none yet' : `ends in …${monitor.keyHint}`}
      actions={
        <Button
          unavailable={cannot}
          isDisabled={call.busy}
          onPress={() => void call.run(monitor.id).then((made) => made !== null && setShown(made))}
        >
          {monitor.keyHint === '' ? 'Make the address' : 'Make a new one'}
        </Button>
      }
    >
      <div className="panel-body stack key-once-lines">
        {call.failure === null ? null : <Failure what="The address was not made" failure={call.failure} />}
        {url === null ? (
          <p className="small-text muted">
            {monitor.keyHint === ''
              ? 'The job calls an address of its own. It is shown once, when it is made.'
              : 'The address was shown when it was made. A new one stops the old one at once.'}
          </p>
        ) : (
          <>
            <p className="small-text muted">
              Shown this once; the server keeps only a hash. GET, HEAD or POST, nothing in it is read.
            </p>
            <div className="row">
              <pre>curl -fsS --retry 3 --max-time 10 {url}</pre>
              <CopyButton text={`curl -fsS --retry 3 --max-time 10 ${url}`} label="Copy" />
            </div>
            <div className="row">
              <pre>{`# in a crontab, after the job itself\n0 2 * * * backup.sh && curl -fsS --retry 3 --max-time 10 ${url}`}</pre>
              <CopyButton text={`backup.sh && curl -fsS --retry 3 --max-time 10 ${url}`} label="Copy" />
            </div>
          </>
        )}
      </div>
    </Panel>
  );
}
