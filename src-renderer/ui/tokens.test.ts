// UX.md 7: severity and freshness must be told apart and read on every surface they stand on.
// oxlint-disable-next-line no-restricted-imports -- this test reads a file that vitest would hand over empty
import { readFileSync } from 'node:fs';
import { type Color, converter, differenceCiede2000 } from 'culori';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

const marks = ['sev1', 'sev2', 'sev3', 'info', 'ok', 'unknown'];
const linear = converter('lrgb');
/** What is seen where one kind of cone is missing: rows of the matrices of Machado et al. 2009, on linear light. */
const visions = {
  'all cones': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  'no red cones': [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  'no green cones': [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  'no blue cones': [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

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

  // CIEDE2000, in which 1 is a difference that is just seen side by side.
  it.each([
    ['dark', 14.4],
    ['light', 11.9],
    ['contrast', 14],
  ])('no two marks of the %s theme are taken for each other in any colour vision (ΔE2000 %d)', (theme, least) => {
    const tokens = tokensOf(theme);
    const difference = differenceCiede2000();
    for (const [vision, rows] of Object.entries(visions)) {
      const seen = (mark: string) => seenBy(rows, tokens(mark));
      for (const [at, one] of marks.entries()) {
        for (const other of marks.slice(at + 1)) {
          const apart = difference(seen(one), seen(other));
          expect(Math.round(apart * 10) / 10, `${one} and ${other}, ${vision}`).toBeGreaterThanOrEqual(least);
        }
      }
    }
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

function seenBy(rows: number[][], hex: string): Color {
  const { r, g, b } = linear(hex) ?? { r: 0, g: 0, b: 0 };
  const [red, green, blue] = rows.map(([ofRed = 0, ofGreen = 0, ofBlue = 0]) =>
    Math.min(1, Math.max(0, ofRed * r + ofGreen * g + ofBlue * b)),
  ) as [number, number, number];
  return { mode: 'lrgb', r: red, g: green, b: blue };
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
