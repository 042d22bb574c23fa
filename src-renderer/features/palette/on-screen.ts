// Whatever can be pressed on the screen below the palette, by the name that stands on it: so nothing on screen is out of
// its reach, whether or not the screen made a command of it (UX.md 2).
import type { Searchable } from './search.ts';

export interface ScreenControl extends Searchable {
  /** Presses it, opens it, or puts the keyboard into it. */
  run: () => void;
  /** Why it cannot be pressed now, as the control itself says. */
  unavailable: string | null;
}

const pressable =
  'button, a[href], summary, input, textarea, select, [role="tab"], [role="switch"], [role="checkbox"], [role="radio"]';
const fields = 'input:not([type="checkbox"], [type="radio"]), textarea, select';
const place = 'li, tr, [role="row"], [role="dialog"], section[aria-label], form[aria-label], aside[aria-label], nav';
const placeLettersMax = 60;

/** Asked while the palette is not drawn yet: then the topmost dialog, or else the page, is what one sees. */
export function controlsOnScreen(): ScreenControl[] {
  const dialogs = document.querySelectorAll<HTMLElement>('[role="dialog"], [role="alertdialog"]');
  const root = [...dialogs].at(-1) ?? document.body;
  const controls: ScreenControl[] = [];
  const seen = new Set<string>();
  for (const element of root.querySelectorAll<HTMLElement>(pressable)) {
    // The rail's places are commands already.
    if (element.closest('.rail') !== null || !element.checkVisibility()) continue;
    const title = nameOf(element);
    if (title === '') continue;
    const detail = placeOf(element, title);
    if (seen.has(`${title} ${detail}`)) continue;
    seen.add(`${title} ${detail}`);
    controls.push({
      key: `screen:${title}`,
      section: 'screen',
      title,
      detail,
      handicap: 0.3,
      unavailable: reasonOf(element),
      run: () => {
        if (element.matches(fields)) element.focus();
        else element.click();
      },
    });
  }
  return controls;
}

function nameOf(element: HTMLElement): string {
  const label = element.getAttribute('aria-label') ?? namesFrom(element, 'aria-labelledby');
  if (label !== null && label !== '') return label;
  const field = element as HTMLInputElement;
  const labelled = field.labels?.[0]?.textContent ?? '';
  return tidy(labelled === '' ? textOf(element) : labelled);
}

/** Its words with room between them, without the keys and marks that are drawn beside them. */
function textOf(element: HTMLElement): string {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const words: string[] = [];
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (node.parentElement?.closest('.kbd, svg') === null) words.push(node.textContent ?? '');
  }
  return words.join(' ').replaceAll(/\s+([,.;:)])/g, '$1');
}

function namesFrom(element: HTMLElement, attribute: string): string | null {
  const ids = element.getAttribute(attribute);
  if (ids === null) return null;
  return tidy(
    ids
      .split(' ')
      .map((id) => document.querySelector(`#${CSS.escape(id)}`)?.textContent ?? '')
      .join(' '),
  );
}

/** In which row or part of the screen: `Take` stands on each role that is free. */
function placeOf(element: HTMLElement, title: string): string {
  const around = element.parentElement?.closest<HTMLElement>(place) ?? null;
  if (around === null) return '';
  const words = tidy(around.getAttribute('aria-label') ?? textOf(around));
  return words === title ? '' : words.slice(0, placeLettersMax);
}

function reasonOf(element: HTMLElement): string | null {
  if (!element.classList.contains('off') && !element.matches(':disabled, [aria-disabled="true"]')) return null;
  return namesFrom(element, 'aria-describedby') ?? '';
}

function tidy(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
