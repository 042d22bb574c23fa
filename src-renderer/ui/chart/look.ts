// A theme's tokens as values, for what is drawn on a canvas.
import type { Severity } from '#server/contract/severity.ts';

export type DrawnTheme = 'dark' | 'light' | 'contrast';

export interface ChartLook {
  theme: DrawnTheme;
  font: string;
  text: string;
  muted: string;
  faint: string;
  line: string;
  canvas: string;
  raised: string;
  bar: string;
  severity: Record<Severity, string>;
  /** From few to many. */
  heat: string[];
  /** Whether areas carry a pattern beside their colour. */
  patterned: boolean;
}

/** The stops of cividis (Nuñez, Anderton and Renslow 2018), which reads the same with any colour vision. */
export const cividis = [
  '#00224E',
  '#123570',
  '#3B496C',
  '#575D6D',
  '#707173',
  '#8A8678',
  '#A59C74',
  '#C3B369',
  '#E1CC55',
  '#FEE838',
] as const;

/** More stands out more: towards yellow on dark, towards blue on light. The end that would melt into the canvas is cut. */
export function heatOf(theme: DrawnTheme): string[] {
  return theme === 'light' ? cividis.slice(0, 8).toReversed() : cividis.slice(2);
}

/** Lines of one picture are told apart by their dashes, then by their names; colour means severity. */
export const dashes: readonly ('solid' | number[])[] = ['solid', [6, 3], [2, 3], [8, 3, 2, 3]];

export function lookOf(theme: DrawnTheme, token: (name: string) => string): ChartLook {
  return {
    theme,
    font: token('--font-ui'),
    text: token('--text'),
    muted: token('--muted'),
    faint: token('--faint'),
    line: token('--line-2'),
    canvas: token('--canvas'),
    raised: token('--raised'),
    bar: token('--bar-fill'),
    severity: { sev1: token('--sev1'), sev2: token('--sev2'), sev3: token('--sev3'), info: token('--info') },
    heat: heatOf(theme),
    patterned: theme === 'contrast',
  };
}
