/** The known name that was probably meant, or null when none is near. */
export function nearestName(wrong: string, known: Iterable<string>): string | null {
  let best: { name: string; apart: number } | null = null;
  const given = wrong.slice(0, 100).toLowerCase();
  for (const name of known) {
    const apart = editDistance(given, name.slice(0, 100).toLowerCase());
    if (best === null || apart < best.apart) best = { name, apart };
  }
  return best !== null && best.apart <= Math.max(2, Math.floor(given.length / 3)) ? best.name : null;
}

/** Levenshtein's, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
