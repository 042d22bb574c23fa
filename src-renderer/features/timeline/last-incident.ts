/** The incident that was visited last and is still known here; `recent` as the palette keeps it, newest first. */
export function lastIncident(recent: readonly string[], known: ReadonlyMap<string, unknown>): string | null {
  for (const key of recent) {
    const id = key.startsWith('incident:') ? key.slice('incident:'.length) : null;
    if (id !== null && known.has(id)) return id;
  }
  return null;
}
