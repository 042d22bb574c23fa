export const pageOrigin = 'app://tocsin';

/** Exactly our scheme and host; a look-alike such as app://tocsin.evil/ or app://tocsin@evil/ is not ours. */
export function isOwnPage(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host, username, password } = new URL(url);
  return protocol === 'app:' && host === 'tocsin' && username === '' && password === '';
}

const opened = new Set(['https:', 'tel:', 'mailto:']);

/** How it may be handed to the system to open; anything else could start a program. */
export function wayOutside(url: string): 'at-once' | 'ask' | 'refused' {
  const protocol = URL.canParse(url) ? new URL(url).protocol : '';
  return opened.has(protocol) ? 'at-once' : protocol === 'http:' ? 'ask' : 'refused';
}

const granted = new Set(['clipboard-sanitized-write', 'fullscreen', 'persistent-storage']);

/**
 * What a page may do beyond drawing: copy what a person asked to copy, fill the screen, keep its store. Reading the
 * clipboard, cameras, places and all else stay refused; notifications and a lit display go over the bridge.
 */
export function mayUse(permission: string, pageUrl: string): boolean {
  return granted.has(permission) && isOwnPage(pageUrl);
}
