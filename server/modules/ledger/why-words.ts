/** `14:31:20 UTC on 2026-11-21`; the date is left to the reader's own clock, so it is always told. */
export function clockTime(at: string): string {
  return `${at.slice(11, 19)} UTC on ${at.slice(0, 10)}`;
}

export function duration(from: string, to: string): string {
  const ms = Math.max(0, Date.parse(to) - Date.parse(from));
  if (ms < 1_000) return `${ms} ms`;
  const s = Math.round(ms / 1_000);
  if (s < 120) return `${s} s`;
  const minutes = Math.round(s / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

export function incidentName(incident: { number: number; title: string } | null): string {
  return incident === null ? 'It' : `INC-${incident.number} “${incident.title}”`;
}

/** With one full stop at its end. */
export function sentence(text: string): string {
  const clean = text.trim();
  return /[.!?]["']?$/.test(clean) ? clean : `${clean}.`;
}

/** An entry of the ledger in a line. */
export function told(entry: { title: string; detail: string }): string {
  return entry.detail === '' ? entry.title : `${entry.title} (${entry.detail})`;
}
