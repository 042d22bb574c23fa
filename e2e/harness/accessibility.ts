// What can be asked of a screen in a real browser: axe, themes, overflow, and whether the focus can be seen.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** Draws the page in a theme without loading it again. */
export async function drawIn(page: Page, theme: 'dark' | 'light' | 'contrast'): Promise<void> {
  await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
  // Colours may take their time to change, and half way they have no contrast.
  await page.evaluate('Promise.all(document.getAnimations().map((each) => each.finished.catch(() => undefined)))');
}

/**
 * What axe finds, of every impact, one line each. `colour` asks what a theme can change, for the second and third look at
 * the same content.
 */
export async function complaints(page: Page, rules: 'all' | 'colour'): Promise<string[]> {
  // Our pages have no frames, which is all that legacy mode leaves out.
  const axe = new AxeBuilder({ page }).setLegacyMode();
  // Switched off by default; 24 px is the smallest target of WCAG 2.2.
  if (rules === 'all') axe.options({ rules: { 'target-size': { enabled: true } } });
  else axe.withRules(['color-contrast', 'link-in-text-block']);
  const { violations } = await axe.analyze();
  return violations.flatMap(({ id, impact, nodes }) =>
    nodes.slice(0, 3).map(({ html }) => `${id} (${impact}): ${html}`),
  );
}

export async function tooWide(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
}

/** What takes the focus by Tab, of the first dozen, and cannot be seen where it stands: below a bar, or out of the window. */
export async function covered(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (let tabs = 0; tabs < 12; tabs += 1) {
    await page.keyboard.press('Tab');
    const hidden = await page.evaluate<string | null>(`(() => {
      const active = document.activeElement;
      if (active === null || active === document.body) return null;
      // The box of a checkbox is drawn by its label; the input itself is out of sight.
      const it = active.closest('label') ?? active;
      const box = it.getBoundingClientRect();
      const points = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]];
      const seen = points.some(([x, y]) => {
        const top = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
        return top !== null && (it.contains(top) || top.contains(it));
      });
      return seen ? null : it.outerHTML.slice(0, 160);
    })()`);
    if (hidden !== null) found.push(hidden);
  }
  return found;
}
