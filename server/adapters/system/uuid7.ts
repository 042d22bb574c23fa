/** Makes UUIDv7 ids (RFC 9562) that grow even within one millisecond, from a time and a source of bytes. */
export function createUuid7(now: () => number, bytes: (length: number) => Uint8Array): () => string {
  let lastMs = 0;
  let counter = 0;
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
    const time = lastMs.toString(16).padStart(12, '0');
    const a = (0x7000 | (counter >>> 6)).toString(16);
    const b = (0x8000 | ((counter & 0x3f) << 8) | (random[2] ?? 0)).toString(16);
    let tail = '';
    for (let i = 3; i < 9; i += 1) tail += (random[i] ?? 0).toString(16).padStart(2, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-${a}-${b}-${tail}`;
  };
}
