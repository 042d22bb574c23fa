import { useState } from 'react';
import type { Channel, ChannelDraft, ChannelTest, ChannelTypeInfo } from '#server/contract/channel.ts';
import { Failure, useCall } from '../../api/asked.tsx';
import { rich } from '../../language/rich.ts';
import { capital, t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useCanRole } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Icon } from '../../ui/icon.tsx';
import { intoView } from '../../ui/into-view.ts';
import { TextField } from '../../ui/text-field.tsx';
import { Time } from '../../ui/time.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { DocumentHead } from '../config/document-head.tsx';
import { Refusal } from '../config/editor-head.tsx';
import { FindingList } from '../config/finding-list.tsx';
import { useCanWrite, useMayWrite } from '../config/use-document.ts';
import { useDocumentForm } from '../config/use-document-form.ts';
import { channelFormOf, checkChannel } from './channel-draft.ts';
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
  const cannot = useCanWrite('channel');
  const disabled = useMayWrite('channel') !== null;
  const cannotTest = useCanRole()('admin');
  const show = useToasts((state) => state.show);
  const editor = useDocumentForm('channel', channel, (row) => channelFormOf(row, type), { variant: type.kind });
  const { form, set, tried, changed } = editor;
  const [testTried, setTestTried] = useState(false);
  const [tested, setTested] = useState<ChannelTest | null>(null);
  const secretNames = channel?.secretNames ?? [];
  const { draft, errors } = checkChannel(form, type, secretNames);
  const shown = tried || testTried ? errors : {};
  const test = useCall((api, input: { channelId: string | null; draft: ChannelDraft | null }) =>
    api.channels.test.mutate(input),
  );
  const checked = checkedWords(type);

  const submit = async (): Promise<void> => {
    const saved = await editor.save(draft === null ? null : { kind: 'channel', draft });
    if (saved === null || draft === null) return;
    show({ text: t`${draft.name} is saved. Send a test before anybody relies on it.` });
    if (channel === null) editor.openMade(paths.channel(saved.id));
  };
  const asTyped = changed || channel === null;
  const runTest = async (): Promise<void> => {
    setTestTried(true);
    setTested(null);
    if (asTyped && draft === null) return;
    setTested(await test.run({ channelId: channel?.id ?? null, draft: asTyped ? draft : null }));
  };

  // Who sets one up begins at the provider.
  const guide = <ChannelGuide kind={type.kind} channelId={editor.id} />;
  return (
    <div className="rule-editor">
      <DocumentHead
        editor={editor}
        title={form.name.trim() === '' ? t`New ${type.name} channel` : form.name}
        back={{ to: paths.channels(), label: t`All channels` }}
        document={channel}
        cannot={cannot}
        onSave={() => void submit()}
        onDelete={onDelete}
        actions={
          <Button icon="send" unavailable={cannotTest} isDisabled={test.busy} onPress={() => void runTest()}>
            {test.busy ? t`Sending…` : t`Send test`}
          </Button>
        }
      />
      <Refusal
        what={t`The test was not sent`}
        reason={testTried && asTyped && draft === null ? t`a field below is not valid yet.` : null}
      />
      {test.failure === null ? null : <Failure what={t`The test was not sent`} failure={test.failure} />}
      {tested === null ? null : <TestResult test={tested} asTyped={asTyped} />}
      <FindingList findings={channel?.findings ?? []} />
      <p className="small-text muted">
        {channel === null ? t`A test goes out as typed; nothing has to be saved first.` : <State channel={channel} />}
      </p>
      <p className="rule-sentence">
        <b className="medium">{type.name}</b>: {abilityWords(type)}
        <span className="small-text muted channel-checked">
          {checked.verified ? (
            `${capital(checked.text)}: `
          ) : (
            <>
              <span className="chip outlined">{capital(checked.text)}</span>{' '}
            </>
          )}
          {type.checkedBy.note}
        </span>
      </p>
      {channel === null ? guide : null}
      <div className="rule-fields">
        <TextField
          label={t`Name`}
          value={form.name}
          onChange={(name) => set({ name })}
          error={shown['name'] ?? null}
          isDisabled={disabled}
          maxLength={300}
        />
        <ChannelFields
          type={type}
          form={form}
          errors={shown}
          secretNames={secretNames}
          disabled={disabled}
          onChange={set}
        />
        <Checkbox isSelected={form.enabled} isDisabled={disabled} onChange={(enabled) => set({ enabled })}>
          {t`On`}
        </Checkbox>
      </div>
      {channel === null ? null : guide}
    </div>
  );
}

function TestResult({ test, asTyped }: { test: ChannelTest; asTyped: boolean }) {
  const seconds = (test.elapsedMs / 1000).toFixed(2);
  return (
    <div className="channel-test" role="status" ref={intoView}>
      <Icon name={test.ok ? 'check' : 'refused'} />
      <div>
        <b>{test.ok ? t`The test succeeded.` : t`The test failed.`}</b> {test.text}
        <div className="small-text muted">
          {asTyped ? t`As typed, not saved yet; answered in ${seconds} s` : t`answered in ${seconds} s`}
        </div>
      </div>
    </div>
  );
}

function State({ channel }: { channel: Channel }) {
  return (
    <>
      {channel.lastSentAt === null
        ? t`Nothing was sent through it yet.`
        : rich`Last sent ${channel.lastSentAt.slice(0, 10)} ${<Time at={channel.lastSentAt} seconds zone />}.`}
      {channel.lastError === null ? null : (
        <>
          {' '}
          <span className="text-ink">
            {rich`Last error ${channel.lastError.at.slice(0, 10)} ${<Time at={channel.lastError.at} seconds zone />}: ${channel.lastError.message}`}
          </span>
        </>
      )}
    </>
  );
}
