// One HTTP exchange with addresses that were checked before. Follows nothing and interprets nothing.
import { type ClientRequest, type IncomingMessage, request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { OutgoingError, type OutgoingAnswer, type OutgoingRequest } from '#server/outgoing/outgoing.ts';

interface Exchange {
  request: OutgoingRequest;
  url: URL;
  addresses: readonly { address: string; family: 4 | 6 }[];
  maxBytes: number;
  signal: AbortSignal;
}

export async function exchange(what: Exchange): Promise<OutgoingAnswer> {
  let last: unknown = null;
  for (const place of what.addresses) {
    const tried = await attempt(what, place);
    if ('answer' in tried) return redirectRefused(what.url, tried.answer);
    last = tried.error;
    // Once connected, the other side may have acted on what it got.
    if (tried.connected || what.signal.aborted) break;
  }
  throw inWords(what.url, last);
}

type Tried = { answer: OutgoingAnswer } | { error: unknown; connected: boolean };

function attempt(
  { request, url, maxBytes, signal }: Exchange,
  place: { address: string; family: 4 | 6 },
): Promise<Tried> {
  return new Promise((resolve) => {
    let connected = false;
    const fail = (error: unknown) => resolve({ error, connected });
    let call: ClientRequest;
    try {
      call = start(request, url, place, signal);
    } catch (error) {
      // A header or path with characters that HTTP cannot carry.
      resolve({ error, connected: true });
      return;
    }
    const { beforeWrite } = request;
    call.on('socket', (socket) => {
      const event = url.protocol === 'https:' ? 'secureConnect' : 'connect';
      socket.once(event, () => {
        connected = true;
        if (beforeWrite !== undefined) void writeIfAllowed(call, request.body, url, beforeWrite);
      });
    });
    call.on('error', fail);
    call.on('response', (response) => {
      connected = true;
      read(response, maxBytes).then((answer) => resolve({ answer }), fail);
    });
    // Node opens the connection at once and writes to it only now.
    if (beforeWrite === undefined) call.end(request.body);
  });
}

async function writeIfAllowed(
  call: ClientRequest,
  body: string | undefined,
  url: URL,
  beforeWrite: NonNullable<OutgoingRequest['beforeWrite']>,
): Promise<void> {
  let allowed = false;
  try {
    allowed = await beforeWrite();
  } catch {
    // Whoever cannot say that it may go has not said it.
  }
  if (call.destroyed) return;
  if (allowed) call.end(body);
  else call.destroy(new OutgoingError('withdrawn', `Nothing was sent to ${url.host}: it was not wanted any more.`));
}

function start(
  request: OutgoingRequest,
  url: URL,
  place: { address: string; family: 4 | 6 },
  signal: AbortSignal,
): ClientRequest {
  const name = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const options: RequestOptions & { servername: string } = {
    method: request.method,
    host: place.address,
    family: place.family,
    port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port,
    path: `${url.pathname}${url.search}`,
    // The certificate has to be the name's, though the connection goes to its address.
    servername: isIP(name) === 0 ? name : '',
    agent: false,
    signal,
    maxHeaderSize: 16_384,
    headers: {
      'user-agent': 'Tocsin',
      accept: '*/*',
      ...request.headers,
      host: url.host,
      'accept-encoding': 'identity',
      ...(request.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(request.body)) }),
    },
  };
  return url.protocol === 'https:' ? httpsRequest(options) : httpRequest(options);
}

/** Leaving the loop early closes the connection, so that the rest is not even received. */
async function read(response: IncomingMessage, maxBytes: number): Promise<OutgoingAnswer> {
  const parts: Buffer[] = [];
  let size = 0;
  let truncated = false;
  for await (const part of response as AsyncIterable<Buffer>) {
    const room = maxBytes - size;
    parts.push(part.subarray(0, room));
    size += Math.min(part.length, room);
    if (part.length > room) {
      truncated = true;
      break;
    }
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers))
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  return { status: response.statusCode ?? 0, headers, body: Buffer.concat(parts).toString('utf8'), truncated };
}

const redirects = new Set([301, 302, 303, 307, 308]);

function redirectRefused(url: URL, answer: OutgoingAnswer): OutgoingAnswer {
  if (!redirects.has(answer.status)) return answer;
  throw new OutgoingError(
    'blocked',
    `${url.host} answered ${answer.status} and sent us elsewhere. Redirects are not followed: enter the final address.`,
  );
}

const tlsReasons: Record<string, string> = {
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate comes from an authority that is not trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate comes without the authority that signed it',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate comes from an authority that is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate comes from an authority that is not trusted here',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  CERT_REVOKED: 'its certificate was revoked',
  HOSTNAME_MISMATCH: 'its certificate is for another name',
};
const unreachable: Record<string, string> = {
  ECONNREFUSED: 'refused the connection',
  EHOSTUNREACH: 'cannot be reached from here',
  ENETUNREACH: 'cannot be reached from here',
  EADDRNOTAVAIL: 'cannot be reached from here',
  ETIMEDOUT: 'did not take the connection',
};

function inWords(url: URL, error: unknown): OutgoingError {
  if (error instanceof OutgoingError) return error;
  if (error instanceof Error && error.cause instanceof OutgoingError) return error.cause;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const tls = tlsReasons[code];
  if (tls !== undefined) return new OutgoingError('tls', `${url.host} is not trusted: ${tls} (${code}).`);
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_')) {
    return new OutgoingError('tls', `${url.host} does not speak TLS as expected (${code}). Is it an https:// address?`);
  }
  const reach = unreachable[code];
  if (reach !== undefined) return new OutgoingError('refused', `${url.host} ${reach} (${code}).`);
  if (code === 'ERR_INVALID_CHAR' || code === 'ERR_UNESCAPED_CHARACTERS')
    return new OutgoingError(
      'broken',
      'A header or the path holds characters that HTTP cannot carry. Check the secrets.',
    );
  return new OutgoingError(
    'broken',
    `The connection to ${url.host} broke before its answer was whole (${code || 'closed'}).`,
  );
}
