import { useState } from 'react';
import type { Channel, ChannelDraft, ChannelTest, ChannelTypeInfo } from '#server/contract/channel.ts';
import { Failure, useCall } from '../../api/asked.tsx';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useCanRole, useNameOf, useSession } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { useCommands } from '../../ui/commands.ts';
import { Icon } from '../../ui/icon.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { Time } from '../../ui/time.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { ChangedElsewhere, EditorHead, Refusal } from '../config/editor-head.tsx';
import { FindingList } from '../config/finding-list.tsx';
import { useCanWrite, useConflictsOf, useDocumentActions } from '../config/use-document.ts';
import { ConflictSheet } from '../incidents/conflict-sheet.tsx';
import { capital } from '../paging/page-words.ts';
import { channelFormOf, checkChannel, type ChannelForm } from './channel-draft.ts';
import { ChannelFields } from './channel-fields.tsx';
import { ChannelGuide } from './channel-guide.tsx';
import { abilityWords, checkedWords } from './channel-words.ts';

interface ChannelEditorProps {
  /** Null is a new one. */
  channel: Channel | null;
  type: ChannelTypeInfo;
  onDelete: () => void;
}

export function ChannelEditor({ channel, type, onDelete }: ChannelEditorProps) {
  const { uuid } = useSession();
  const nameOf = useNameOf();
  const cannot = useCanWrite('channel');
  const cannotTest = useCanRole()('admin');
  const show = useToasts((state) => state.show);
  const { save, busy } = useDocumentActions();
  // Known before it is saved, so that its callback addresses can be set up at the provider first.
  const [newId] = useState(uuid);
  const [form, setForm] = useState<ChannelForm>(() => channelFormOf(channel, type));
  const [basis, setBasis] = useState(channel);
  const [tried, setTried] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [untestable, setUntestable] = useState(false);
  const [tested, setTested] = useState<ChannelTest | null>(null);
  const conflicts = useConflictsOf('channel', channel?.id ?? null);
  const secretNames = channel?.secretNames ?? [];
  const { draft, errors } = checkChannel(form, type, secretNames);
  const changed = JSON.stringify(form) !== JSON.stringify(channelFormOf(basis, type));
  // Sending changes its state and so its version: only what people wrote counts.
  const newer = channel !== null && basis !== null && channel.version > basis.version;
  const elsewhere =
    newer && JSON.stringify(channelFormOf(channel, type)) !== JSON.stringify(channelFormOf(basis, type));
  if (newer && (!elsewhere || !changed)) {
    setBasis(channel);
    if (!changed) setForm(channelFormOf(channel, type));
  }
  const test = useCall((api, input: { channelId: string | null; draft: ChannelDraft | null }) =>
    api.channels.test.mutate(input),
  );
  const checked = checkedWords(type);

  const submit = async (): Promise<void> => {
    setTried(true);
    if (draft === null) return setRefusal('a field below is not valid yet.');
    setRefusal(null);
    const answer = await save({ kind: 'channel', draft }, basis ?? { id: newId, version: null });
    if (answer.outcome === 'refused') return setRefusal(answer.reason);
    if (answer.outcome === 'conflict') return;
    show({ text: `${draft.name} is saved. Send a test before anybody relies on it.` });
    if (channel === null) return navigate(paths.channel(answer.id), { replace: true });
    const next = { ...channel, ...draft, version: answer.version ?? channel.version };
    setBasis(next);
    setForm(channelFormOf(next, type));
  };
  const runTest = async (): Promise<void> => {
    setTried(true);
    setTested(null);
    const invalid = draft === null && (changed || channel === null);
    setUntestable(invalid);
    if (invalid) return;
    const result = await test.run({
      channelId: channel?.id ?? null,
      draft: changed || channel === null ? draft : null,
    });
    setTested(result);
  };
  useCommands([{ id: 'save', label: 'save', hint: changed, unavailable: cannot, run: () => void submit() }]);

  return (
    <div className="rule-editor">
      <EditorHead
        title={form.name.trim() === '' ? `New ${type.name} channel` : form.name}
        back={{ to: paths.channels(), label: 'All channels' }}
        document={channel}
        changed={changed}
        busy={busy}
        cannot={cannot}
        onPutBack={() => {
          setForm(channelFormOf(channel, type));
          setBasis(channel);
          setRefusal(null);
        }}
        onSave={() => void submit()}
        actions={
          channel === null ? null : (
            <Button
              look="ghost"
              icon="trash"
              aria-label={`Delete ${channel.name}`}
              unavailable={cannot}
              onPress={onDelete}
            />
          )
        }
      />
      {elsewhere && changed ? <ChangedElsewhere by={nameOf(channel.updatedBy)} /> : null}
      {conflicts.length > 0 ? <ConflictSheet items={conflicts} /> : null}
      <Refusal reason={refusal} />
      <Refusal
        what="The test was not sent"
        reason={untestable && draft === null ? 'a field below is not valid yet.' : null}
      />
      {test.failure === null ? null : <Failure what="The test was not sent" failure={test.failure} />}
      {tested === null ? null : <TestResult test={tested} asTyped={changed || channel === null} />}
      <FindingList findings={channel?.findings ?? []} />
      <div className="row wrap">
        <div className="grow small-text muted">
          {channel === null ? 'A test goes out as typed; nothing has to be saved first.' : <State channel={channel} />}
        </div>
        <Button icon="send" unavailable={cannotTest} isDisabled={test.busy} onPress={() => void runTest()}>
          {test.busy ? 'Sending…' : 'Send test'}
        </Button>
      </div>
      <p className="rule-sentence">
        <b className="medium">{type.name}</b>: {abilityWords(type)}
        <span className="small-text muted channel-checked">
          <span className={checked.verified ? undefined : 'chip outlined'}>{capital(checked.text)}</span>:{' '}
          {type.checkedBy.note}
        </span>
      </p>
      <div className="rule-fields">
        <TextField
          label="Name"
          value={form.name}
          onChange={(name) => setForm({ ...form, name })}
          error={tried ? (errors['name'] ?? null) : null}
          isDisabled={cannot !== null}
          maxLength={300}
        />
        <ChannelFields
          type={type}
          form={form}
          errors={tried ? errors : {}}
          secretNames={secretNames}
          disabled={cannot !== null}
          onChange={setForm}
        />
        <Checkbox
          isSelected={form.enabled}
          isDisabled={cannot !== null}
          onChange={(enabled) => setForm({ ...form, enabled })}
        >
          On
        </Checkbox>
      </div>
      <ChannelGuide kind={type.kind} channelId={channel?.id ?? newId} />
    </div>
  );
}

function TestResult({ test, asTyped }: { test: ChannelTest; asTyped: boolean }) {
  return (
    <div className="channel-test" role="status">
      <Icon name={test.ok ? 'check' : 'refused'} />
      <div>
        <b>{test.ok ? 'The test went out.' : 'The test did not go out.'}</b> {test.text}
        <div className="small-text muted">
          {asTyped ? 'As typed, not saved yet; ' : ''}answered in {(test.elapsedMs / 1000).toFixed(2)} s
        </div>
      </div>
    </div>
  );
}

function State({ channel }: { channel: Channel }) {
  return (
    <>
      {channel.lastSentAt === null ? (
        'Nothing was sent through it yet.'
      ) : (
        <>
          Last sent {channel.lastSentAt.slice(0, 10)} <Time at={channel.lastSentAt} seconds zone />.
        </>
      )}
      {channel.lastError === null ? null : (
        <>
          {' '}
          <span className="text-ink">
            Last error {channel.lastError.at.slice(0, 10)} <Time at={channel.lastError.at} seconds zone />:{' '}
            {channel.lastError.message}
          </span>
        </>
      )}
    </>
  );
}
