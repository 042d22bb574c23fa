import type { FastifyInstance } from 'fastify';

export const formBodyMax = 65_536;

/** Lets a scope take bodies as HTML forms and providers send them, and none other. */
export function takeForms(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: formBodyMax },
    (_request, body, done) => done(null, new URLSearchParams(String(body))),
  );
}

/** What `takeForms` read; empty when nothing came. */
export function formOf(body: unknown): URLSearchParams {
  return body instanceof URLSearchParams ? body : new URLSearchParams();
}
