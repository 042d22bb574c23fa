export interface Center {
  /** Without a trailing slash. */
  url: string;
  /** The client's route that redeems a one-time sign-in link, or nothing. */
  startHash: string;
}

const localCenter = 'http://127.0.0.1:7300';

/** npm start says where its server listens and how to sign in; alone, the app looks for a center on this machine. */
export function centerFrom(env: Record<string, string | undefined>): Center {
  const url = httpUrl(env['TOCSIN_CENTER_URL']) ?? new URL(localCenter);
  const link = httpUrl(env['TOCSIN_LOGIN_LINK']);
  const token = link !== null && link.origin === url.origin ? link.searchParams.get('token') : null;
  return { url: url.origin, startHash: token === null ? '' : `#/link?token=${encodeURIComponent(token)}` };
}

function httpUrl(text: string | undefined): URL | null {
  if (text === undefined || !URL.canParse(text)) return null;
  const url = new URL(text);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : null;
}
