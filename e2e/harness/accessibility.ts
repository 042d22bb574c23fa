// What can be asked of a screen in a real browser: axe, themes, overflow, and whether the focus can be seen.
import axe, { type RunOptions } from 'axe-core';
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
  // Once a page: its script is long, and the next screen needs no other.
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(axe.source);
  const options: RunOptions =
    rules === 'all'
      ? // Switched off by default; 24 px is the smallest target of WCAG 2.2.
        { rules: { 'target-size': { enabled: true } } }
      : { runOnly: ['color-contrast', 'link-in-text-block'] };
  // What passed is long, too, and is written down element by element unless it is told not to be.
  const asked = JSON.stringify({ ...options, resultTypes: ['violations'] } satisfies RunOptions);
  return page.evaluate<string[]>(`axe.run(document, ${asked}).then(({ violations }) =>
    violations.flatMap(({ id, impact, nodes }) =>
      nodes.slice(0, 3).map(({ html }) => \`\${id} (\${impact}): \${html}\`)))`);
}

export async function tooWide(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
}

/** What takes the focus by Tab, of the first dozen, and cannot be seen where it stands: below a bar, or out of the window. */
export async function covered(page: Page): Promise<string[]> {
  await atRest(page);
  const found: string[] = [];
  for (let tabs = 0; tabs < 12; tabs += 1) {
    await page.keyboard.press('Tab');
    const hidden = await hiddenFocus(page);
    if (hidden !== null) found.push(hidden);
  }
  return found;
}

async function hiddenFocus(page: Page): Promise<string | null> {
  return page.evaluate<string | null>(`(() => {
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
}

/** A window of another size is laid out over several frames: what has the focus meanwhile may be pushed out of sight. */
async function atRest(page: Page): Promise<void> {
  await page.evaluate<void>(`new Promise((resolve) => {
    let before = '';
    let same = 0;
    const look = () => {
      const boxes = [...document.querySelectorAll('main *')].map((element) => element.getBoundingClientRect());
      const now = boxes.map(({ top, height }) => top + ' ' + height).join();
      same = now === before ? same + 1 : 0;
      before = now;
      if (same < 10) requestAnimationFrame(look);
      else resolve();
    };
    look();
  })`);
}
