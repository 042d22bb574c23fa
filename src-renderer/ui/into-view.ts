/** As a ref: what appears outside of what is seen is brought there, no further than needed. */
export function intoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}
