/** `14:05` as the last time the UTC clock showed that; null for now and for what is no clock time. */
export function backdated(text: string, now: number): string | null {
  const match = /^\s*([01]?\d|2[0-3]):([0-5]\d)\s*$/.exec(text);
  if (match === null) return null;
  const at = new Date(now);
  at.setUTCHours(Number(match[1]), Number(match[2]), 0, 0);
  if (at.getTime() > now) at.setUTCDate(at.getUTCDate() - 1);
  return at.toISOString();
}

/** `14:05` as the next time the UTC clock shows that; null for what is no clock time. */
export function upcoming(text: string, now: number): string | null {
  const past = backdated(text, now);
  return past === null ? null : new Date(Date.parse(past) + 86_400_000).toISOString();
}
