const collator = new Intl.Collator('en', { numeric: true });

/** As people sort names: shard-2 stands before shard-10. */
export function byName(a: string, b: string): number {
  return collator.compare(a, b);
}
