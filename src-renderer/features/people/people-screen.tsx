import { useMemo } from 'react';
import { roleAtLeast } from '#server/contract/people.ts';
import { paths } from '../../paths.ts';
import type { ScreenProps } from '../../screen-props.ts';
import { useFreshness, useMe, useReplica, useTable } from '../../session.tsx';
import { UnreadableDocuments } from '../config/unreadable-documents.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Freshness } from '../../ui/freshness.tsx';
import { Title, TitleLevel } from '../../ui/title.tsx';
import './people.css';
import { ProfileEditor } from './profile-editor.tsx';
import { reachWarnings, rulesWords } from './profile-words.ts';

const unreadableHere = ['responder'] as const;

/** Everybody who can be paged, what reaches them, and what is missing; me first. */
export function PeopleScreen({ params }: ScreenProps) {
  const me = useMe();
  const ready = useReplica((state) => state.ready);
  const users = useTable('user');
  const responders = useTable('responder');
  const freshness = useFreshness();
  const people = useMemo(
    () =>
      [...users.rows.values()]
        .filter((user) => !user.disabled && roleAtLeast(user.role, 'responder'))
        .toSorted((a, b) => Number(b.id === me.id) - Number(a.id === me.id) || a.name.localeCompare(b.name)),
    [users, me.id],
  );
  const wanted = params['id'] ?? null;
  const current = people.find(({ id }) => id === wanted) ?? people[0];
  if (!ready) return null;
  return (
    <div className={wanted === null ? 'people' : 'people editing'}>
      <section className="people-left" aria-label="People">
        <header className="people-head">
          <TitleLevel value={wanted === null ? 1 : 2}>
            <Title className="title">People</Title>
          </TitleLevel>
          <span className="grow" />
          <span className="small-text muted">
            <Freshness value={freshness} bare />
          </span>
        </header>
        <UnreadableDocuments kinds={unreadableHere} />
        <ul className="people-list" aria-label="People who can be paged">
          {people.map((user) => {
            const responder = responders.rows.get(user.id);
            const warnings = reachWarnings(responder);
            return (
              <li key={user.id} className={user.id === current?.id ? 'focused' : undefined}>
                <a
                  className="person-link"
                  href={paths.person(user.id)}
                  aria-current={user.id === current?.id ? 'true' : undefined}
                >
                  <Avatar name={user.name} large me={user.id === me.id} />
                  <span className="stack grow">
                    <span className="clip medium">
                      {user.name}
                      {user.id === me.id ? ' (you)' : ''}
                    </span>
                    <span className="small-text muted clip">
                      {responder === undefined
                        ? 'Desktop only, no profile yet'
                        : rulesWords(responder.rules.important, responder.contactMethods)}
                    </span>
                    {warnings.length === 0 ? null : <span className="small-text clip">{warnings[0]}</span>}
                  </span>
                </a>
              </li>
            );
          })}
        </ul>
      </section>
      <section className="people-right" aria-label="Profile">
        <TitleLevel value={wanted === null ? 2 : 1}>
          {current === undefined ? (
            <Empty title="Nobody can be paged yet">An admin adds people with the role responder under Settings.</Empty>
          ) : (
            <ProfileEditor key={current.id} userId={current.id} />
          )}
        </TitleLevel>
      </section>
    </div>
  );
}
