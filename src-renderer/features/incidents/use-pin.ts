import { pinsMax } from '#server/contract/preference.ts';
import { t } from '../../language/words.ts';
import { usePreferenceValues, useSetPreference } from '../../preference.ts';
import type { Command } from '../../ui/commands.ts';

/** Pins an incident to the rail, or takes it down. */
export function usePin(incidentId: string): Command {
  const { pins } = usePreferenceValues();
  const set = useSetPreference();
  const pinned = pins.includes(incidentId);
  const full = !pinned && pins.length >= pinsMax;
  return {
    id: 'incident.pin',
    keys: null,
    label: pinned ? t`unpin` : t`pin`,
    keywords: 'favourite rail',
    unavailable: full ? t`${pinsMax} incidents are pinned; take one down first` : null,
    run: () =>
      set({ name: 'pins', incidentIds: pinned ? pins.filter((id) => id !== incidentId) : [...pins, incidentId] }),
  };
}
