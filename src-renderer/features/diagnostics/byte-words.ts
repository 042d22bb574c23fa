const units = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** 1 KB is 1,024 bytes: what memory and disks are counted in here. */
export function byteWords(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 1_024 && unit < units.length - 1) {
    value /= 1_024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
