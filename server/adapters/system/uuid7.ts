/** Two digits of each byte: formatting number by number took longer than all else about an id. */
const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Makes UUIDv7 ids (RFC 9562) that grow even within one millisecond, from a time and a source of bytes. */
export function createUuid7(now: () => number, bytes: (length: number) => Uint8Array): () => string {
  let lastMs = 0;
  let counter = 0;
  let time = '';
  let timeMs = -1;
  return () => {
    const random = bytes(10);
    const ms = now();
    if (ms > lastMs) {
      lastMs = ms;
      // 12 + 6 bits that count within the millisecond, begun in the lower half so that it has room to grow.
      counter = (((random[0] ?? 0) << 8) | (random[1] ?? 0)) & 0x1ffff;
    } else {
      counter += 1;
      if (counter > 0x3ffff) {
        lastMs += 1;
        counter = 0;
      }
    }
    if (lastMs !== timeMs) {
      timeMs = lastMs;
      const digits = lastMs.toString(16).padStart(12, '0');
      time = `${digits.slice(0, 8)}-${digits.slice(8)}-`;
    }
    const a = (0x7000 | (counter >>> 6)).toString(16);
    const b = (0x8000 | ((counter & 0x3f) << 8) | (random[2] ?? 0)).toString(16);
    let tail = '';
    for (let i = 3; i < 9; i += 1) tail += hex[random[i] ?? 0] ?? '';
    return `${time}${a}-${b}-${tail}`;
  };
}
