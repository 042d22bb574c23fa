/** What is due when, the earliest first; of equal times the one added first. A binary heap. */
export interface Agenda<T> {
  add(at: string, item: T): void;
  nextAt(): string | null;
  take(): { at: string; item: T } | null;
}

export function createAgenda<T>(): Agenda<T> {
  const heap: { at: string; place: number; item: T }[] = [];
  let added = 0;
  const before = (i: number, j: number) => {
    const [a, b] = [heap[i]!, heap[j]!];
    return a.at < b.at || (a.at === b.at && a.place < b.place);
  };
  const swap = (i: number, j: number) => ([heap[i], heap[j]] = [heap[j]!, heap[i]!]);

  return {
    add(at, item) {
      let place = heap.push({ at, place: (added += 1), item }) - 1;
      for (let parent = (place - 1) >> 1; place > 0 && before(place, parent); parent = (place - 1) >> 1) {
        swap(place, parent);
        place = parent;
      }
    },
    nextAt: () => heap[0]?.at ?? null,
    take() {
      const first = heap[0];
      const last = heap.pop();
      if (first === undefined || last === undefined) return null;
      if (heap.length > 0) {
        heap[0] = last;
        for (let place = 0; ;) {
          const left = 2 * place + 1;
          if (left >= heap.length) break;
          const child = left + 1 < heap.length && before(left + 1, left) ? left + 1 : left;
          if (!before(child, place)) break;
          swap(child, place);
          place = child;
        }
      }
      return { at: first.at, item: first.item };
    },
  };
}
