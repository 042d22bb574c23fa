import { createContext, type ReactNode, useContext } from 'react';

/** 2 below it where a heading of the first level stands beside: a screen has one. */
export const TitleLevel = createContext<1 | 2>(1);

/** The title of a screen, or of a part of one that can be a screen of its own. */
export function Title({ className, children }: { className?: string; children: ReactNode }) {
  const level = useContext(TitleLevel);
  return level === 1 ? <h1 className={className}>{children}</h1> : <h2 className={className}>{children}</h2>;
}
