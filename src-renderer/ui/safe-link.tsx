import type { ReactNode } from 'react';

/** Text of alerts carries no authority: an address that could run something is shown, never made a link. */
export function safeHref(url: string | null): string | null {
  if (url === null) return null;
  const trimmed = url.trim();
  if (!/^(https?:\/\/|mailto:|tel:)/i.test(trimmed)) return null;
  try {
    return new URL(trimmed).href;
  } catch {
    return null;
  }
}

export function SafeLink({ url, children, className }: { url: string; children: ReactNode; className?: string }) {
  const href = safeHref(url);
  if (href === null) return <span className={className}>{children}</span>;
  return (
    <a href={href} target="_blank" rel="noreferrer noopener" className={className}>
      {children}
    </a>
  );
}
