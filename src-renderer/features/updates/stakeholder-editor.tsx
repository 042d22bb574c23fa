import { useState } from 'react';
import { type StakeholderList, StakeholderListDraft } from '#server/contract/stakeholder.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useNameOf, useSession, useTable } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { useCommands } from '../../ui/commands.ts';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { TokenField } from '../../ui/token-field.tsx';
import { ChangedElsewhere, EditorHead, Refusal } from '../config/editor-head.tsx';
import { FindingList } from '../config/finding-list.tsx';
import { useCanWrite, useConflictsOf, useDocumentActions } from '../config/use-document.ts';
import { ConflictSheet } from '../incidents/conflict-sheet.tsx';
import { addressesIn, faultyAddresses, listWords } from './stakeholder-words.ts';

function draftOf({ name, description, channelId, userIds, addresses }: StakeholderList): StakeholderListDraft {
  return { name, description, channelId, userIds, addresses };
}

/** Its name, the e-mail channel that carries it, and who is on it. */
export function StakeholderEditor({ list, onDelete }: { list: StakeholderList | null; onDelete: () => void }) {
  const { uuid } = useSession();
  const nameOf = useNameOf();
  const users = useTable('user');
  const channels = useTable('channel');
  const cannot = useCanWrite('stakeholderList');
  const show = useToasts((state) => state.show);
  const { save, busy } = useDocumentActions();
  const [newId] = useState(uuid);
  const mails = [...channels.rows.values()].filter((channel) => channel.kind === 'email');
  const fresh: StakeholderListDraft = {
    name: '',
    description: '',
    channelId: mails.find((channel) => channel.enabled)?.id ?? mails[0]?.id ?? '',
    userIds: [],
    addresses: [],
  };
  const saved = list === null ? fresh : draftOf(list);
  const [form, setForm] = useState<StakeholderListDraft>(saved);
  const [basis, setBasis] = useState(list);
  const [tried, setTried] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const conflicts = useConflictsOf('stakeholderList', list?.id ?? null);
  const text = JSON.stringify(form);
  const changed = text !== JSON.stringify(basis === null ? fresh : draftOf(basis));
  const newer = list !== null && basis !== null && list.version > basis.version;
  if (newer && (!changed || JSON.stringify(saved) === text)) {
    setBasis(list);
    setForm(saved);
  }
  const disabled = cannot !== null;
  const set = (change: Partial<StakeholderListDraft>): void => setForm({ ...form, ...change });
  const people = [...users.rows.values()].filter((user) => !user.disabled);
  const idOf = (name: string) => people.find((user) => user.name === name || user.login === name)?.id;
  const faulty = faultyAddresses(form.addresses);

  const submit = async (): Promise<void> => {
    setTried(true);
    const parsed = StakeholderListDraft.safeParse(form);
    if (!parsed.success) {
      const why =
        faulty.length > 0 ? `${faulty.join(', ')} cannot be a mail address.` : 'a field below is not valid yet.';
      return setRefusal(mails.length === 0 ? 'there is no e-mail channel that could carry it.' : why);
    }
    setRefusal(null);
    const answer = await save({ kind: 'stakeholderList', draft: parsed.data }, basis ?? { id: newId, version: null });
    if (answer.outcome === 'refused') return setRefusal(answer.reason);
    if (answer.outcome === 'conflict') return;
    show({ text: `${parsed.data.name} is saved. Updates can go to it from now on.` });
    if (list === null) navigate(paths.stakeholders(answer.id), { replace: true });
    else setBasis({ ...list, ...parsed.data, version: answer.version ?? list.version });
  };
  useCommands([{ id: 'save', label: 'save', hint: changed, unavailable: cannot, run: () => void submit() }]);

  return (
    <div className="rule-editor">
      <EditorHead
        title={form.name.trim() === '' ? 'New list' : form.name}
        back={{ to: paths.stakeholders(), label: 'All lists' }}
        document={list}
        changed={changed}
        busy={busy}
        cannot={cannot}
        onPutBack={() => {
          setForm(saved);
          setBasis(list);
          setRefusal(null);
        }}
        onSave={() => void submit()}
        actions={
          list === null ? null : (
            <Button
              look="ghost"
              icon="trash"
              aria-label={`Delete ${list.name}`}
              unavailable={cannot}
              onPress={onDelete}
            />
          )
        }
      />
      {newer && changed ? <ChangedElsewhere by={nameOf(list.updatedBy)} /> : null}
      {conflicts.length > 0 ? <ConflictSheet items={conflicts} /> : null}
      <Refusal reason={refusal} />
      <FindingList findings={list?.findings ?? []} />
      <p className="rule-sentence">
        An update sent to this list reaches <b>{listWords(form)}</b>, each in a mail of their own.
      </p>
      <div className="rule-fields">
        <TextField
          label="Name"
          value={form.name}
          onChange={(name) => set({ name })}
          error={tried && form.name.trim() === '' ? 'Give it a name; its readers see it in every mail.' : null}
          isDisabled={disabled}
          maxLength={300}
        />
        <TextField
          label="What it is for"
          value={form.description}
          onChange={(description) => set({ description })}
          isDisabled={disabled}
          maxLength={2_000}
        />
        {mails.length === 0 ? (
          <p className="muted">
            There is no e-mail channel yet. <a href={paths.channels()}>An administrator adds one.</a>
          </p>
        ) : (
          <Select
            label="Carried by the e-mail channel"
            options={mails.map((channel) => ({ value: channel.id, label: channel.name }))}
            value={form.channelId === '' ? null : form.channelId}
            onChange={(channelId) => set({ channelId })}
            disabled={disabled}
          />
        )}
        <TokenField
          label="People of this center"
          tokens={form.userIds.map((id) => users.rows.get(id)?.name ?? id)}
          onChange={(names) => {
            const known = new Map(form.userIds.map((id) => [users.rows.get(id)?.name ?? id, id]));
            set({ userIds: names.flatMap((name) => known.get(name) ?? idOf(name) ?? []) });
          }}
          suggestions={people.map((user) => user.name)}
          placeholder="a name"
          help="They get it at the e-mail address that they have proven in their profile."
          disabled={disabled}
        />
        <TokenField
          label="Other addresses"
          tokens={form.addresses}
          onChange={(tokens) =>
            set({
              addresses: [
                ...new Set(tokens.flatMap((token) => (form.addresses.includes(token) ? [token] : takenFrom(token)))),
              ],
            })
          }
          placeholder="name@example.com"
          help={
            faulty.length > 0
              ? `${faulty.join(', ')} cannot be a mail address.`
              : 'Enter or a comma adds one; many can be pasted at once.'
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
