import { useMemo } from 'react';
import { useMe, useTable } from '../../session.tsx';
import type { TargetWorld } from './policy-words.ts';

export function useTargetWorld(): TargetWorld {
  const me = useMe().id;
  const users = useTable('user');
  const teams = useTable('team');
  const schedules = useTable('schedule');
  const rosters = useTable('roster');
  const channels = useTable('channel');
  return useMemo(
    () => ({
      me,
      users: users.rows,
      teams: teams.rows,
      schedules: schedules.rows,
      rosters: rosters.rows,
      channels: channels.rows,
    }),
    [me, users, teams, schedules, rosters, channels],
  );
}
