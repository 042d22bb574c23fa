// What this person set up for themselves, on whatever machine: a private row of the replica.
import { useCallback, useMemo } from 'react';
import { type PreferenceSetting, type PreferenceValues, valuesOf } from '#server/contract/preference.ts';
import { useEntity, useSession, useSubmit } from './session.tsx';

export function usePreferenceValues(): PreferenceValues {
  const { me } = useSession();
  const preference = useEntity('preference', me.id);
  return useMemo(() => valuesOf(preference), [preference]);
}

/** Kept on this machine at once, and sent when there is a server. */
export function useSetPreference(): (setting: PreferenceSetting) => void {
  const { me } = useSession();
  const submit = useSubmit();
  return useCallback((setting) => void submit({ kind: 'preference.set', userId: me.id, setting }), [me.id, submit]);
}
