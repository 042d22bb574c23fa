// The language that was chosen on this machine.
import { keepText } from '../personal-state.ts';

const key = 'tocsin.language';

export function readChoice(): string | null {
  return window.localStorage.getItem(key);
}

/** In force after the page is loaded anew: words at the top of modules are read once. */
export function writeChoice(id: string): void {
  keepText(window.localStorage, key, id);
}
