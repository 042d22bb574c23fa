import { useMemo } from 'react';
import type { Severity } from '#server/contract/severity.ts';
import { type ChartLook } from '../../ui/chart/look.ts';
import { useChartLook } from '../../ui/chart/use-chart-look.ts';

/** A theme's tokens for the lanes: those of every picture, and the ink on each severity. */
export interface LaneLook extends ChartLook {
  ink: Record<Severity, string>;
  unknown: string;
}

export function useLaneLook(): LaneLook {
  const look = useChartLook();
  return useMemo(() => {
    const style = getComputedStyle(document.documentElement);
    const token = (name: string): string => style.getPropertyValue(name).trim();
    return {
      ...look,
      ink: { sev1: token('--sev1-on'), sev2: token('--sev2-on'), sev3: token('--sev3-on'), info: token('--info-on') },
      unknown: token('--unknown'),
    };
  }, [look]);
}
