// Serves the built page under app://tocsin/, with its content security policy, and nothing outside its folder.
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { protocol } from 'electron';
import { pageFile } from './page-file.ts';

export const pageScheme = {
  scheme: 'app',
  privileges: { standard: true, secure: true, supportFetchAPI: true, corsEnabled: true },
} as const;

interface PageAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

const mimeTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** The policy is asked for at every answer: another center has another one. */
export function servePages(pageDir: string, policy: () => string): void {
  const answer = (url: string): Promise<PageAnswer> => readPage(pageDir, url, policy());
  if (typeof (protocol as Partial<typeof protocol>).handle === 'function') {
    protocol.handle('app', async ({ url }) => {
      const { status, headers, body } = await answer(url);
      return new Response(new Uint8Array(body), { status, headers });
    });
    return;
  }
  protocol.registerBufferProtocol('app', async ({ url }, callback) => {
    const { status, headers, body } = await answer(url);
    const mimeType = headers['content-type']?.split(';')[0] ?? 'application/octet-stream';
    callback({ statusCode: status, headers, mimeType, data: body });
  });
}

async function readPage(pageDir: string, url: string, policy: string): Promise<PageAnswer> {
  const file = pageFile(pageDir, url);
  const body = file === null ? null : await readFile(file).catch(() => null);
  if (file === null || body === null) {
    return { status: 404, headers: { 'content-type': 'text/plain' }, body: Buffer.from('not found') };
  }
  return {
    status: 200,
    headers: {
      'content-type': mimeTypes[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
    },
    body,
  };
}
