import { useMemo } from 'react';
import { roleAtLeast } from '#server/contract/people.ts';
import { t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import type { ScreenProps } from '../../screen-props.ts';
import { useMe, useReplica, useTable } from '../../session.tsx';
import { DocumentList } from '../config/document-list.tsx';
import { ListAndEditor, useChosen } from '../config/list-and-editor.tsx';
import { UnreadableDocuments } from '../config/unreadable-documents.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { byName } from '../../by-name.ts';
import { ProfileEditor } from './profile-editor.tsx';
import { reachWarnings, rulesWords } from './profile-words.ts';

const unreadableHere = ['responder'] as const;

/** Everybody who can be paged, what reaches them, and what is missing; me first. */
export function PeopleScreen({ params }: ScreenProps) {
  const me = useMe();
  const ready = useReplica((state) => state.ready);
  const users = useTable('user');
  const responders = useTable('responder');
  const people = useMemo(
    () =>
      [...users.rows.values()]
        .filter((user) => !user.disabled && roleAtLeast(user.role, 'responder'))
        .toSorted((a, b) => Number(b.id === me.id) - Number(a.id === me.id) || byName(a.name, b.name)),
    [users, me.id],
  );
  const wanted = params['id'] ?? null;
  const current = useChosen(people, wanted, paths.person);
  if (!ready) return null;
  return (
    <ListAndEditor
      heading={t`People`}
      listLabel={t`People`}
      editorLabel={t`Profile`}
      wanted={wanted}
      above={<UnreadableDocuments kinds={unreadableHere} />}
      list={
        <DocumentList
          kind="responder"
          label={t`People who can be paged`}
          rows={people}
          current={current?.id ?? null}
          pathOf={paths.person}
          none={{
            title: t`Nobody can be paged yet`,
            words: t`An admin adds people with the role responder under Settings.`,
          }}
          mark={({ id, name }) => <Avatar name={name} large me={id === me.id} />}
        >
          {(user) => {
            const responder = responders.rows.get(user.id);
            const [warning] = reachWarnings(responder);
            return (
              <>
                <span className="clip medium">{user.id === me.id ? t`${user.name} (you)` : user.name}</span>
                <span className="small-text muted clip">
                  {responder === undefined
                    ? t`Desktop only, no profile yet`
                    : rulesWords(responder.rules.important, responder.contactMethods)}
                </span>
                {warning === undefined ? null : <span className="small-text">{warning}</span>}
              </>
            );
          }}
        </DocumentList>
      }
      editor={current ? <ProfileEditor key={current.id} userId={current.id} /> : null}
    />
  );
}
