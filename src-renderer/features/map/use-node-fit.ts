import { useEffect, useState } from 'react';
import { createFit, type Fit, type Slot } from './node-text.ts';

/** As map.css draws them. */
const fonts: Readonly<Record<Slot, string>> = { name: '500 13px Inter', line: '400 12px Inter', far: '500 21px Inter' };

/** Measured anew when the fonts have come. */
export function useNodeFit(): Fit {
  const [fit, setFit] = useState<Fit>(() => createFit(measured()));
  useEffect(() => {
    if (document.fonts.status === 'loaded') return undefined;
    let gone = false;
    void document.fonts.ready.then(() => (gone ? undefined : setFit(() => createFit(measured()))));
    return () => {
      gone = true;
    };
  }, []);
  return fit;
}

function measured(): (text: string, slot: Slot) => number {
  const context = document.createElement('canvas').getContext('2d');
  // Half an em is about what a letter takes.
  if (context === null) return (text) => text.length * 7;
  return (text, slot) => {
    if (context.font !== fonts[slot]) context.font = fonts[slot];
    return context.measureText(text).width;
  };
}
