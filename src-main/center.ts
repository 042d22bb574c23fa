export interface StartWith {
  /** Without a trailing slash; null when whoever started the app named no center. */
  url: string | null;
  /** The client's route that redeems a one-time sign-in link, or nothing. */
  startHash: string;
}

/** npm start says where its server listens and how to sign in. */
export function startWith(env: Record<string, string | undefined>): StartWith {
  const url = httpUrl(env['TOCSIN_CENTER_URL']);
  if (url === null) return { url: null, startHash: '' };
  const link = httpUrl(env['TOCSIN_LOGIN_LINK']);
  const token = link !== null && link.origin === url.origin ? link.searchParams.get('token') : null;
  return { url: url.origin, startHash: token === null ? '' : `#/link?token=${encodeURIComponent(token)}` };
}

function httpUrl(text: string | undefined): URL | null {
  if (text === undefined || !URL.canParse(text)) return null;
  const url = new URL(text);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : null;
}
