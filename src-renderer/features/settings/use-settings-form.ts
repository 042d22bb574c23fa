import { useState } from 'react';
import { changedSince, type Changes, differing } from '#server/contract/setting-changes.ts';

/** A form over settings that somebody else may change meanwhile: theirs shows at once, and takes away nothing typed here. */
export function useSettingsForm<N extends string, S extends Changes<N>, D>(
  latest: S,
  names: readonly N[],
  draftOf: (settings: S) => D,
) {
  const [base, setBase] = useState(latest);
  const [draft, setDraft] = useState(() => draftOf(latest));
  const begin = (settings: S): void => {
    setBase(settings);
    setDraft(draftOf(settings));
  };
  if (latest.version > base.version && same(draftOf(base), draft)) begin(latest);
  return {
    /** What the form was filled with. */
    base,
    draft,
    setDraft,
    begin,
    /** What was typed while it was being saved stays. */
    saved: (sent: D, settings: S): void => {
      setBase(settings);
      setDraft((now) => (same(now, sent) ? draftOf(settings) : now));
    },
    byOthers: changedSince(names, base.version, latest),
  };
}

/** Only what was changed here: the rest may be somebody else's by now. */
export function changeOf<N extends string, W extends Record<N, unknown>>(
  names: readonly N[],
  base: Record<N, unknown>,
  wanted: W,
): Partial<W> {
  const change: Partial<W> = {};
  for (const name of differing(names, base, wanted)) change[name] = wanted[name];
  return change;
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
