import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';
import { AppError } from '#server/api/app-error.ts';

const unpackers: Record<string, (packed: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
};

/** Unpacks a body and stops at the limit, whatever the packed size promises. */
export async function unpack(body: Buffer, encoding: string, maxBytes: number): Promise<Buffer> {
  const unpacker = unpackers[encoding.trim().toLowerCase()];
  if (unpacker === undefined) {
    throw new AppError(
      'unsupported-media-type',
      `Content-Encoding “${encoding.slice(0, 50)}” is not taken; gzip, deflate or none are.`,
    );
  }
  try {
    return await unpacker(body, { maxOutputLength: maxBytes });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(maxBytes, 'unpacked');
    throw new AppError(
      'malformed',
      `The body says it is ${encoding.trim()}, and cannot be unpacked. Send it again, whole.`,
    );
  }
}

export function tooLarge(maxBytes: number, form: 'sent' | 'unpacked'): AppError {
  const size = maxBytes >= 1_048_576 ? `${maxBytes / 1_048_576} MiB` : `${maxBytes / 1_024} KiB`;
  return new AppError(
    'too-large',
    `The body is larger than ${size} ${form}, which is the most one post may carry. Send it in parts.`,
  );
}

export function parseJson(body: Buffer): unknown {
  const text = body.toString('utf8');
  try {
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch (error) {
    const where = error instanceof Error ? / at position \d+/.exec(error.message)?.[0] : undefined;
    throw new AppError(
      'malformed',
      `The body is not valid JSON${where === undefined ? '' : `: it breaks${where}`}. Nothing of it was taken.`,
    );
  }
}
