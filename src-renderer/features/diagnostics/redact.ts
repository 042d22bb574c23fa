// What leaves this machine in a diagnostics bundle: figures and states, no words people or sources wrote, no secrets.

const secretNames =
  /key|token|secret|password|credential|cookie|authorization|payload|login|email|phone|name|title|text/i;
const keyLike = /\b[A-Za-z0-9_-]{24,}\b/g;
const userInfo = /:\/\/[^/@\s]*@/g;
const queryString = /\?[^\s"']*/g;
const mail = /[\w.+-]+@[\w-]+(\.[\w-]+)+/g;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
export const redacted = '[left out]';

export function redact(value: unknown, name = ''): unknown {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'string') return redactText(value, name);
  if (Array.isArray(value)) return value.map((item) => redact(item, name));
  if (typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redact(item, key)]));
  }
  return redacted;
}

function redactText(text: string, name: string): string {
  if (secretNames.test(name)) return redacted;
  if (uuid.test(text)) return text;
  return text
    .replace(userInfo, '://')
    .replace(queryString, '')
    .replace(mail, redacted)
    .replace(keyLike, redacted)
    .slice(0, 2_000);
}
