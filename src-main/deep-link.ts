import { ClientPath } from './ipc-table.ts';

/** `tocsin://open/incidents/0198…` names a path of the client; it is shown, never executed. Null for anything else. */
export function pathOfDeepLink(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol !== 'tocsin:' || url.host !== 'open' || url.search !== '' || url.hash !== '') return null;
  const path = ClientPath.safeParse(url.pathname);
  return path.success ? path.data : null;
}

export function deepLinkAmong(args: readonly string[]): string | null {
  return args.map(pathOfDeepLink).find((path) => path !== null) ?? null;
}
