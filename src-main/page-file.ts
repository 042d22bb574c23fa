import { join, normalize, sep } from 'node:path';
import { isOwnPage } from './own-page.ts';

/** Scripts only from our own files; the center is the only other address the page talks to. */
export function pagePolicy(centerUrl: string | null): string {
  const center = centerUrl === null ? null : new URL(centerUrl);
  const reached =
    center === null ? '' : ` ${center.origin} ${center.protocol === 'https:' ? 'wss' : 'ws'}://${center.host}`;
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "worker-src 'self' blob:",
    `connect-src 'self'${reached}`,
    "form-action 'none'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** The file an address names, or null for one outside the folder. */
export function pageFile(pageDir: string, url: string): string | null {
  if (!isOwnPage(url)) return null;
  let path: string;
  try {
    path = decodeURIComponent(new URL(url).pathname);
  } catch {
    return null;
  }
  if (path.includes('\0') || path.includes('\\')) return null;
  const file = normalize(join(pageDir, path === '/' ? 'index.html' : path));
  return file.startsWith(`${pageDir}${sep}`) ? file : null;
}
