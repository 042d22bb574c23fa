import { useEffect } from 'react';
import { usePreferenceValues } from '../../preference.ts';
import { useKeymap } from '../../ui/keymap.ts';

/** Where 0.1.0 kept the switch; it counts until the person sets the one that goes with them. */
const earlierSwitch = 'tocsin.single-keys';

/** Hands the person's keys to what binds and draws them. Stands once in the frame. */
export function FollowPreference() {
  const { keymap, singleKeys } = usePreferenceValues();
  useEffect(() => {
    useKeymap.setState({
      keymap,
      singleKeys: singleKeys ?? window.localStorage.getItem(earlierSwitch) !== 'off',
    });
  }, [keymap, singleKeys]);
  return null;
}
