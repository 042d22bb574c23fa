/** The integration key in an Authorization header: a bearer token, a Basic password, or a Basic user name alone. */
export function keyOf(authorization: string): string | null {
  const space = authorization.indexOf(' ');
  const scheme = authorization.slice(0, space).toLowerCase();
  const value = authorization.slice(space + 1).trim();
  if (scheme === 'bearer') return value === '' ? null : value;
  return scheme === 'basic' ? basicKey(value) : null;
}

export function keyOfQuery(query: unknown): string | null {
  const key = (query as Record<string, unknown> | undefined)?.['key'];
  return typeof key === 'string' && key !== '' ? key : null;
}

function basicKey(encoded: string): string | null {
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  const key = colon === -1 || colon === text.length - 1 ? text.replace(/:$/, '') : text.slice(colon + 1);
  return key === '' ? null : key;
}
