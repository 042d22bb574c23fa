// What stands there before the first paint. How the line is moved, kept and put back: e2e/keyboard.spec.ts.
import { renderToStaticMarkup } from 'react-dom/server';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { usePreferences } from './preferences.ts';
import { Split } from './split.tsx';

let windowWidth = 1_280;

beforeEach(() => {
  vi.stubGlobal('window', {
    get innerWidth() {
      return windowWidth;
    },
    matchMedia: (query: string) => ({ matches: windowWidth <= Number(/\d+/.exec(query)?.[0]) }),
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  windowWidth = 1_280;
  usePreferences.setState({ panes: {} });
});

const drawn = (end: string | null = 'one'): string =>
  renderToStaticMarkup(
    <Split
      name="rules"
      label="Width of the list"
      sized="start"
      size={340}
      share={0.25}
      least={{ start: 280, end: 460 }}
      stackAt={900}
      alone="end"
      start={<ul />}
      end={end}
    />,
  );

it('begins with the kept width, else with its own, in a wide window with a share of that', () => {
  expect(drawn()).toMatch(/id="rules-start"[^>]*flex-basis:340px/);
  windowWidth = 1_920;
  expect(drawn()).toMatch(/id="rules-start"[^>]*flex-basis:480px/);
  usePreferences.setState({ panes: { rules: 402, others: 300 } });
  expect(drawn()).toMatch(/id="rules-start"[^>]*flex-basis:402px/);
  expect(drawn()).toMatch(/id="rules-end"[^>]*flex-grow:1/);
});

it('has a line that says what it moves, but not beside nothing and not in a narrow window', () => {
  expect(drawn()).toMatch(/aria-label="Width of the list"[^>]*role="separator"[^>]*tabindex="0"/);
  expect(drawn(null)).not.toMatch(/separator|aside|rules-end/);
  expect(drawn()).not.toContain('stacked');
  windowWidth = 800;
  // Both stay, with what was typed into them; style sheets leave one out of sight.
  expect(drawn()).toMatch(
    /class="split stacked".*class="split-pane aside"[^>]*><ul><\/ul>.*class="split-pane"[^>]*>one/,
  );
  expect(drawn()).not.toContain('separator');
});
