import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * X-Twilio-Signature (https://www.twilio.com/docs/usage/security): HMAC-SHA1 over the whole address and the form's fields
 * in the order of their names. An empty token is never right.
 */
export function isTwilioSignature(token: string, signature: unknown, url: string, form: URLSearchParams): boolean {
  if (token === '' || typeof signature !== 'string') return false;
  const given = Buffer.from(signature);
  // Proxies and Twilio differ on whether a standard port is written.
  return withAndWithoutPort(url).some((address) => {
    const right = Buffer.from(signOf(token, address, form));
    return right.length === given.length && timingSafeEqual(right, given);
  });
}

function signOf(token: string, url: string, form: URLSearchParams): string {
  const names = [...new Set(form.keys())].sort();
  const fields = names.flatMap((name) => [...new Set(form.getAll(name))].sort().map((value) => name + value));
  return createHmac('sha1', token)
    .update(url + fields.join(''), 'utf8')
    .digest('base64');
}

function withAndWithoutPort(url: string): string[] {
  const parts = /^(https?:\/\/)(\[[^\]]*\]|[^/:?#]*)(:\d+)?(.*)$/is.exec(url);
  if (parts === null) return [];
  const [, scheme = '', host = '', port = '', rest = ''] = parts;
  const standard = scheme.toLowerCase() === 'https://' ? ':443' : ':80';
  return [...new Set([url, `${scheme}${host}${rest}`, `${scheme}${host}${port === '' ? standard : port}${rest}`])];
}
