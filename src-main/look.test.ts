import { describe, expect, it } from 'vitest';
import type { CertificateFacts, Looked } from './bridge.ts';
import { createLook } from './look.ts';

function lookAt(address: string, answer: { status: number; text?: string } | Error): Promise<Looked> {
  return createLook({
    request: async () => {
      if (answer instanceof Error) throw answer;
      return { status: answer.status, text: answer.text ?? '' };
    },
    certificateOf: (): Promise<CertificateFacts> => Promise.reject(new Error('not asked')),
    pins: () => [],
  })(address);
}

const center = JSON.stringify({ name: 'Acme', version: '0.9.0', oldestClient: '0.2.0', more: 'of a newer one' });
const refusal = (message: string) => JSON.stringify({ error: { code: 'forbidden', message, traceId: 't' } });

describe('what answers', () => {
  it('is a center, told by its handshake, and believed for a reason', async () => {
    expect(await lookAt('ops.test', { status: 200, text: center })).toEqual({
      kind: 'center',
      url: 'https://ops.test',
      way: 'certified',
      name: 'Acme',
      version: '0.9.0',
      oldestClient: '0.2.0',
    });
    expect(await lookAt('http://ops.test', { status: 200, text: center })).toMatchObject({ way: 'plain' });
    expect(await lookAt('localhost:7300', { status: 200, text: center })).toMatchObject({ way: 'this-machine' });
  });

  it('is of the first release where it knows no handshake but refuses as a center does', async () => {
    expect(await lookAt('ops.test', { status: 404, text: refusal('nothing there') })).toMatchObject({
      kind: 'center',
      version: '0.1.0',
    });
  });

  it.each([
    [{ status: 200, text: '<html>' }, 'not-a-center'],
    [{ status: 404, text: 'Not Found' }, 'not-a-center'],
    [{ status: 403, text: refusal('… Use localhost, or set TOCSIN_PUBLIC_URL.') }, 'wrong-host'],
    [{ status: 403, text: 'Forbidden' }, 'not-a-center'],
    [{ status: 302 }, 'redirect'],
    [{ status: 502 }, 'busy'],
    [new Error('net::ERR_NAME_NOT_RESOLVED'), 'unknown-name'],
    [new Error('net::ERR_CONNECTION_REFUSED'), 'refused'],
    [new Error('net::ERR_CONNECTION_TIMED_OUT'), 'timeout'],
    [new Error('net::ERR_SSL_PROTOCOL_ERROR'), 'no-tls'],
    [new Error('net::ERR_INTERNET_DISCONNECTED'), 'no-network'],
    [new Error("Attempted to redirect, but redirect policy was 'error'"), 'redirect'],
    [new Error('net::ERR_CONNECTION_RESET'), 'broken'],
  ] as const)('is none: %o is %s', async (answer, why) => {
    expect(await lookAt('ops.test', answer)).toEqual({ kind: 'none', url: 'https://ops.test', why });
  });

  it('is asked nowhere when what was typed is no address', async () => {
    expect(await lookAt('two words', new Error('asked'))).toEqual({ kind: 'not-an-address' });
  });
});
