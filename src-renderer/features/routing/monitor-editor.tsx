import { useState } from 'react';
import type { Monitor } from '#server/contract/route.ts';
import { severities } from '#server/contract/severity.ts';
import { Failure, useCall } from '../../api/asked.tsx';
import { t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useCanRole, useSession } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Mark, severityName } from '../../ui/mark.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { TokenField } from '../../ui/token-field.tsx';
import { FindingList } from '../config/finding-list.tsx';
import { useCanWrite, useMayWrite } from '../config/use-document.ts';
import { DocumentHead } from '../config/document-head.tsx';
import { useDocumentForm } from '../config/use-document-form.ts';
import { checkMonitor, monitorFormOf } from './route-draft.ts';
import { monitorWords } from './route-words.ts';

/** One heartbeat: its sentence, its fields, and its address, which is shown once. */
export function MonitorEditor({ monitor, onDelete }: { monitor: Monitor | null; onDelete: () => void }) {
  const cannot = useCanWrite('monitor');
  const show = useToasts((state) => state.show);
  const editor = useDocumentForm('monitor', monitor, monitorFormOf);
  const { form, set, tried } = editor;
  const { draft, errors } = checkMonitor(form);
  const disabled = useMayWrite('monitor') !== null;

  const submit = async (): Promise<void> => {
    const saved = await editor.save(draft === null ? null : { kind: 'monitor', draft });
    if (saved === null || draft === null) return;
    show({
      text:
        monitor === null
          ? t`${draft.name} is saved. Make its address next, and give it to the job.`
          : t`${draft.name} is saved.`,
    });
    if (monitor === null) editor.openMade(paths.monitor(saved.id));
  };

  return (
    <div className="rule-editor">
      <DocumentHead
        editor={editor}
        title={form.name.trim() === '' ? t`New heartbeat` : form.name}
        back={{ to: paths.monitor(), label: t`All heartbeats` }}
        document={monitor}
        cannot={cannot}
        onSave={() => void submit()}
        onDelete={onDelete}
      />
      <FindingList findings={monitor?.findings ?? []} />
      <p className="rule-sentence">
        {draft === null ? (
          <span className="muted">{t`What it watches appears here once its fields are valid.`}</span>
        ) : (
          monitorWords(draft)
        )}
      </p>
      <div className="rule-fields">
        <TextField
          label={t`Name of the job`}
          value={form.name}
          onChange={(name) => set({ name })}
          error={tried ? (errors.name ?? null) : null}
          isDisabled={disabled}
          maxLength={300}
        />
        <div className="form-grid">
          <TextField
            label={t`Calls every`}
            value={form.interval}
            onChange={(interval) => set({ interval })}
            error={errors.interval ?? null}
            isDisabled={disabled}
          />
          <TextField
            label={t`May be late by`}
            value={form.grace}
            onChange={(grace) => set({ grace })}
            error={errors.grace ?? null}
            isDisabled={disabled}
          />
          <Select
            label={t`Its silence is`}
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
            label={t`Service`}
            value={form.service}
            onChange={(service) => set({ service })}
            isDisabled={disabled}
            maxLength={300}
          />
        </div>
        <TokenField
          label={t`Labels of its alert`}
          tokens={form.labels}
          onChange={(labels) => set({ labels })}
          suggestions={['env=prod', 'team=']}
          placeholder={t`env=prod`}
          help={errors.labels ?? t`Routes and grouping rules see them.`}
          disabled={disabled}
        />
        <Checkbox isSelected={form.enabled} isDisabled={disabled} onChange={(enabled) => set({ enabled })}>
          {t`Watched`}
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
      title={t`Address`}
      count={monitor.keyHint === '' ? t`none yet` : t`ends in …${monitor.keyHint}`}
      actions={
        <Button
          unavailable={cannot}
          isDisabled={call.busy}
          onPress={() => void call.run(monitor.id).then((made) => made !== null && setShown(made))}
        >
          {monitor.keyHint === '' ? t`Make the address` : t`Make a new one`}
        </Button>
      }
    >
      <div className="panel-body stack key-once-lines">
        {call.failure === null ? null : <Failure what={t`The address was not made`} failure={call.failure} />}
        {url === null ? (
          <p className="small-text muted">
            {monitor.keyHint === ''
              ? t`The job calls an address of its own. It is shown once, when it is made.`
              : t`The address was shown when it was made. A new one stops the old one at once.`}
          </p>
        ) : (
          <>
            <p className="small-text muted">
              {t`Shown this once; the server keeps only a hash. GET, HEAD or POST, nothing in it is read.`}
            </p>
            <div className="row">
              <pre>{t`curl -fsS --retry 3 --max-time 10 ${url}`}</pre>
              <CopyButton text={`curl -fsS --retry 3 --max-time 10 ${url}`} label={t`Copy`} />
            </div>
            <div className="row">
              <pre>{`# in a crontab, after the job itself\n0 2 * * * backup.sh && curl -fsS --retry 3 --max-time 10 ${url}`}</pre>
              <CopyButton text={`backup.sh && curl -fsS --retry 3 --max-time 10 ${url}`} label={t`Copy`} />
            </div>
          </>
        )}
      </div>
    </Panel>
  );
}
