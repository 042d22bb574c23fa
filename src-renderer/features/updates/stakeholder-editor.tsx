import { type StakeholderList, StakeholderListDraft } from '#server/contract/stakeholder.ts';
import { rich } from '../../language/rich.ts';
import { t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useTable } from '../../session.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { TokenField } from '../../ui/token-field.tsx';
import { FindingList } from '../config/finding-list.tsx';
import { useCanWrite, useMayWrite } from '../config/use-document.ts';
import { DocumentHead } from '../config/document-head.tsx';
import { useDocumentForm } from '../config/use-document-form.ts';
import { addressesIn, faultyAddresses, listWords } from './stakeholder-words.ts';

function draftOf({ name, description, channelId, userIds, addresses }: StakeholderList): StakeholderListDraft {
  return { name, description, channelId, userIds, addresses };
}

/** Its name, the e-mail channel that carries it, and who is on it. */
export function StakeholderEditor({ list, onDelete }: { list: StakeholderList | null; onDelete: () => void }) {
  const users = useTable('user');
  const channels = useTable('channel');
  const cannot = useCanWrite('stakeholderList');
  const show = useToasts((state) => state.show);
  const mails = [...channels.rows.values()].filter((channel) => channel.kind === 'email');
  const fresh: StakeholderListDraft = {
    name: '',
    description: '',
    channelId: mails.find((channel) => channel.enabled)?.id ?? mails[0]?.id ?? '',
    userIds: [],
    addresses: [],
  };
  const editor = useDocumentForm('stakeholderList', list, (row): StakeholderListDraft =>
    row === null ? fresh : draftOf(row),
  );
  const { form, set, tried } = editor;
  const disabled = useMayWrite('stakeholderList') !== null;
  const people = [...users.rows.values()].filter((user) => !user.disabled);
  const idOf = (name: string) => people.find((user) => user.name === name || user.login === name)?.id;
  const faulty = faultyAddresses(form.addresses);

  const submit = async (): Promise<void> => {
    const parsed = StakeholderListDraft.safeParse(form);
    const why =
      mails.length === 0
        ? t`there is no e-mail channel that could carry it.`
        : faulty.length > 0
          ? t`${faulty.join(', ')} cannot be a mail address.`
          : undefined;
    const saved = await editor.save(parsed.success ? { kind: 'stakeholderList', draft: parsed.data } : null, why);
    if (saved === null || !parsed.success) return;
    show({ text: t`${parsed.data.name} is saved. Updates can go to it from now on.` });
    if (list === null) editor.openMade(paths.stakeholders(saved.id));
  };

  return (
    <div className="rule-editor">
      <DocumentHead
        editor={editor}
        title={form.name.trim() === '' ? t`New list` : form.name}
        back={{ to: paths.stakeholders(), label: t`All lists` }}
        document={list}
        cannot={cannot}
        onSave={() => void submit()}
        onDelete={onDelete}
      />
      <FindingList findings={list?.findings ?? []} />
      <p className="rule-sentence">
        {rich`An update sent to this list reaches ${<b>{listWords(form)}</b>}, each in a mail of their own.`}
      </p>
      <div className="rule-fields">
        <TextField
          label={t`Name`}
          value={form.name}
          onChange={(name) => set({ name })}
          error={tried && form.name.trim() === '' ? t`Give it a name; its readers see it in every mail.` : null}
          isDisabled={disabled}
          maxLength={300}
        />
        <TextField
          label={t`What it is for`}
          value={form.description}
          onChange={(description) => set({ description })}
          isDisabled={disabled}
          maxLength={2_000}
        />
        {mails.length === 0 ? (
          <p className="muted">
            {rich`There is no e-mail channel yet. ${<a href={paths.channels()}>{t`An administrator adds one.`}</a>}`}
          </p>
        ) : (
          <Select
            label={t`Carried by the e-mail channel`}
            options={mails.map((channel) => ({ value: channel.id, label: channel.name }))}
            value={form.channelId === '' ? null : form.channelId}
            onChange={(channelId) => set({ channelId })}
            disabled={disabled}
          />
        )}
        <TokenField
          label={t`People of this center`}
          tokens={form.userIds.map((id) => users.rows.get(id)?.name ?? id)}
          onChange={(names) => {
            const known = new Map(form.userIds.map((id) => [users.rows.get(id)?.name ?? id, id]));
            set({ userIds: names.flatMap((name) => known.get(name) ?? idOf(name) ?? []) });
          }}
          suggestions={people.map((user) => user.name)}
          placeholder={t`a name`}
          help={t`They get it at the e-mail address that they have proven in their profile.`}
          disabled={disabled}
        />
        <TokenField
          label={t`Other addresses`}
          tokens={form.addresses}
          onChange={(tokens) =>
            set({
              addresses: [
                ...new Set(tokens.flatMap((token) => (form.addresses.includes(token) ? [token] : takenFrom(token)))),
              ],
            })
          }
          placeholder={t`name@example.com`}
          help={
            faulty.length > 0
              ? t`${faulty.join(', ')} cannot be a mail address.`
              : t`Enter or a comma adds one; many can be pasted at once.`
          }
          disabled={disabled}
        />
      </div>
    </div>
  );
}

/** What is no address stays as it was typed, so that it can be put right. */
function takenFrom(token: string): string[] {
  const found = addressesIn(token);
  return found.length === 0 ? [token] : found;
}
