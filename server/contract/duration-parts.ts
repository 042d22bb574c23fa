/** A length of time in the units it is said in: one, or two where the smaller one is not zero. */
export interface DurationPart {
  unit: 'd' | 'h' | 'min' | 's';
  count: number;
}

/** 41 s, 12 min 30 s, 2 h 5 min, 3 d 4 h. Only what is over is counted, so that no text says more than another. */
export function durationParts(ms: number): [DurationPart] | [DurationPart, DurationPart] {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (minutes === 0) return [{ unit: 's', count: seconds }];
  if (hours === 0) return withRest({ unit: 'min', count: minutes }, { unit: 's', count: seconds % 60 });
  if (hours < 48) return withRest({ unit: 'h', count: hours }, { unit: 'min', count: minutes % 60 });
  return withRest({ unit: 'd', count: Math.floor(hours / 24) }, { unit: 'h', count: hours % 24 });
}

function withRest(large: DurationPart, small: DurationPart): [DurationPart] | [DurationPart, DurationPart] {
  return small.count === 0 ? [large] : [large, small];
}
