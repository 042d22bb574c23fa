// Which names and which web pages may talk to this server from a browser.

export interface OriginRules {
  /** Bound to the loopback interface, where a foreign Host means DNS rebinding. */
  loopback: boolean;
  publicUrl: string | null;
  allowedOrigins: readonly string[];
}

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]']);

export function isLoopbackAddress(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** A page of another site can make its own name resolve to 127.0.0.1; then only the Host header gives it away. */
export function isOwnHost(host: string | undefined, rules: OriginRules): boolean {
  if (!rules.loopback) return true;
  if (host === undefined) return false;
  const url = parseUrl(`http://${host}`);
  if (url === null) return false;
  return (
    loopbackNames.has(url.hostname) ||
    (rules.publicUrl !== null && url.hostname === parseUrl(rules.publicUrl)?.hostname)
  );
}

/** No Origin means no browser page, or a same-origin read. Electron's own pages come from the app: scheme. */
export function isAllowedOrigin(origin: string | undefined, host: string | undefined, rules: OriginRules): boolean {
  if (origin === undefined) return true;
  if (/^app:\/\/[a-z0-9.-]*$/.test(origin)) return true;
  const url = parseUrl(origin);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return false;
  // The scheme is not compared: behind a proxy that ends TLS this server sees plain HTTP.
  if (host !== undefined && url.host === host.toLowerCase()) return true;
  if (rules.publicUrl !== null && url.origin === parseUrl(rules.publicUrl)?.origin) return true;
  return rules.allowedOrigins.includes(url.origin);
}

function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}
