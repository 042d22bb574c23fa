import { useMemo } from 'react';
import { roleAtLeast } from '#server/contract/people.ts';
import { t } from '../../language/words.ts';
import { useMe, useTable } from '../../session.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import type { SelectOption } from '../../ui/select.tsx';
import { byName } from '../../by-name.ts';

/** People who may act in an incident, me first. */
export function usePeopleOptions(): SelectOption<string>[] {
  const users = useTable('user');
  const me = useMe();
  return useMemo(
    () =>
      [...users.rows.values()]
        .filter((user) => !user.disabled && roleAtLeast(user.role, 'responder'))
        .sort((a, b) => Number(b.id === me.id) - Number(a.id === me.id) || byName(a.name, b.name))
        .map((user) => ({
          value: user.id,
          label: user.id === me.id ? t`${user.name} (you)` : user.name,
          mark: <Avatar name={user.name} me={user.id === me.id} />,
        })),
    [users, me],
  );
}
