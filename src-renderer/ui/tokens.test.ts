// UX.md 7: severity and freshness must be told apart and read on every surface they stand on.
// oxlint-disable-next-line no-restricted-imports -- this test reads a file that vitest would hand over empty
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

const marks = ['sev1', 'sev2', 'sev3', 'info', 'ok', 'unknown'];

describe('colours', () => {
  it.each([
    ['dark', 4.5],
    ['light', 3],
    ['contrast', 7],
  ])('marks of the %s theme stand out from canvas and surface by %d to 1', (theme, least) => {
    const tokens = tokensOf(theme);
    for (const mark of marks) {
      for (const ground of ['canvas', 'surface']) {
        expect(contrast(tokens(mark), tokens(ground)), `${mark} on ${ground}`).toBeGreaterThanOrEqual(least);
      }
    }
  });

  it.each(['dark', 'light', 'contrast'])('text of the %s theme can be read on canvas, surface and raised', (theme) => {
    const tokens = tokensOf(theme);
    for (const ink of ['text', 'muted', 'faint']) {
      for (const ground of ['canvas', 'surface', 'raised']) {
        expect(contrast(tokens(ink), tokens(ground)), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
    const button = contrast(tokens('ink-fg'), tokens('ink-bg'));
    expect(button).toBeGreaterThanOrEqual(7);
  });

  it.each(['dark', 'light', 'contrast'])('the word on a filled flag of the %s theme can be read', (theme) => {
    const tokens = tokensOf(theme);
    for (const severity of ['sev1', 'sev2', 'sev3', 'info']) {
      const ratio = contrast(tokens(`${severity}-on`), tokens(severity));
      expect(ratio, `word on ${severity}`).toBeGreaterThanOrEqual(4.5);
    }
  });
});

function tokensOf(theme: string): (name: string) => string {
  const block = new RegExp(`\\[data-theme="${theme}"\\] \\{([^}]*)\\}`).exec(css)?.[1] ?? '';
  return (name) => {
    const found = new RegExp(`--${name}: (#[0-9A-Fa-f]{6});`).exec(block)?.[1];
    if (found === undefined) throw new Error(`no --${name} in the theme ${theme}`);
    return found;
  };
}

/** WCAG 2.2, relative luminance and contrast ratio. */
function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
