import { useMemo, useSyncExternalStore } from 'react';
import { type ChartLook, type DrawnTheme, lookOf } from './look.ts';

/** The look of what stands in the page now; another theme is another object. */
export function useChartLook(): ChartLook {
  const theme = useSyncExternalStore(onTheme, drawnTheme);
  return useMemo(() => {
    const style = getComputedStyle(document.documentElement);
    return lookOf(theme, (name) => style.getPropertyValue(name).trim());
  }, [theme]);
}

function drawnTheme(): DrawnTheme {
  const drawn = document.documentElement.dataset['theme'];
  return drawn === 'light' || drawn === 'contrast' ? drawn : 'dark';
}

function onTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}
