import { after } from '../time.ts';

/** A router that swallows everything must not hold a call, and what is queued behind it, for minutes. */
const limitMs = 15_000;
/** Nor one that lets a byte through now and then. On a slow line a page of a snapshot may take most of this. */
const wholeLimitMs = 120_000;

/** Runs a request that ends with an error when nothing came for a while. The body of the answer counts too. */
export async function withTimeout(
  init: RequestInit | undefined,
  send: (init: RequestInit) => Promise<Response>,
): Promise<Response> {
  const limit = new AbortController();
  const abort = (): void => limit.abort();
  let cancel = after(limitMs, abort);
  const cancelWhole = after(wholeLimitMs, abort);
  const given = init?.signal;
  if (given?.aborted === true) abort();
  given?.addEventListener('abort', abort);
  try {
    const response = await send({ ...init, signal: limit.signal });
    const body = await bodyOf(response, () => {
      cancel();
      cancel = after(limitMs, abort);
    });
    const { status, statusText, headers } = response;
    return new Response(bodiless.has(status) ? null : body, { status, statusText, headers });
  } finally {
    cancel();
    cancelWhole();
    given?.removeEventListener('abort', abort);
  }
}

async function bodyOf(response: Response, came: () => void): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
    came();
    parts.push(part.value);
  }
  return new Blob(parts);
}

const bodiless: ReadonlySet<number> = new Set([204, 205, 304]);
