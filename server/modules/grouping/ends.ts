/** What ends when, as a binary heap: the earliest first. */
export interface Ends<A> {
  add(at: string, item: A): void;
  /** Takes out the earliest that ends at or before `at`, or null. */
  take(at: string): { at: string; item: A } | null;
}

export function createEnds<A>(): Ends<A> {
  const heap: { at: string; item: A }[] = [];
  const earlier = (i: number, j: number) => heap[i]!.at < heap[j]!.at;
  const swap = (i: number, j: number) => ([heap[i], heap[j]] = [heap[j]!, heap[i]!]);

  function sink(): void {
    for (let place = 0; ;) {
      const left = 2 * place + 1;
      if (left >= heap.length) return;
      const child = left + 1 < heap.length && earlier(left + 1, left) ? left + 1 : left;
      if (!earlier(child, place)) return;
      swap(child, place);
      place = child;
    }
  }

  return {
    add(at, item) {
      let place = heap.push({ at, item }) - 1;
      for (let parent = (place - 1) >> 1; place > 0 && earlier(place, parent); parent = (place - 1) >> 1) {
        swap(place, parent);
        place = parent;
      }
    },
    take(at) {
      const first = heap[0];
      if (first === undefined || first.at > at) return null;
      const last = heap.pop()!;
      if (heap.length > 0) {
        heap[0] = last;
        sink();
      }
      return first;
    },
  };
}
