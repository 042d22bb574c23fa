import { after } from '../time.ts';

/** A router that swallows everything must not hold a call, and what is queued behind it, for minutes. */
const limitMs = 15_000;

/** Runs a request that ends with an error when no answer came in time. The body of the answer counts too. */
export async function withTimeout(
  init: RequestInit | undefined,
  send: (init: RequestInit) => Promise<Response>,
): Promise<Response> {
  const limit = new AbortController();
  const cancel = after(limitMs, () => limit.abort());
  const given = init?.signal;
  const abort = (): void => limit.abort();
  if (given?.aborted === true) abort();
  given?.addEventListener('abort', abort);
  try {
    const response = await send({ ...init, signal: limit.signal });
    const body = await response.arrayBuffer();
    const { status, statusText, headers } = response;
    return new Response(bodiless.has(status) ? null : body, { status, statusText, headers });
  } finally {
    cancel();
    given?.removeEventListener('abort', abort);
  }
}

const bodiless: ReadonlySet<number> = new Set([204, 205, 304]);
