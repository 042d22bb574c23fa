import type { FastifyReply } from 'fastify';

/** Scripts only from our own files; styles inline too, because react-aria and echarts position with them. */
export function contentSecurityPolicy(host: string | undefined): string {
  // Older Chromium does not count ws: of the same host as 'self'.
  const sockets = host === undefined || !/^[\w.:[\]-]+$/.test(host) ? '' : ` ws://${host} wss://${host}`;
  return [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "worker-src 'self' blob:",
    `connect-src 'self'${sockets}`,
    "frame-ancestors 'none'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
  ].join('; ');
}

export function setSecurityHeaders(reply: FastifyReply, host: string | undefined): void {
  void reply.headers({
    'content-security-policy': contentSecurityPolicy(host),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'x-frame-options': 'DENY',
  });
}
