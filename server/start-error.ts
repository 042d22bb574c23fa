import { SchemaError } from '#server/database/migrate.ts';

/** A failure at start that its reader can mend: the message is the whole story, so it is printed without a stack. */
export class StartError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'StartError';
  }
}

/** What happened, why, and what to do now; a stack only for what nobody foresaw. */
export function explainStartFailure(error: unknown): string {
  if (error instanceof StartError || error instanceof SchemaError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const { code, port, address } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  if (code === 'EADDRINUSE') {
    return `Port ${port} on ${address} is in use by another program. Stop it, or choose another with --port or TOCSIN_PORT.`;
  }
  if (code === 'EACCES' && port !== undefined) {
    return `Port ${port} may not be opened by this account. Choose one above 1023 with --port or TOCSIN_PORT.`;
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `${address ?? 'The host'} is not an address of this machine. Choose another with TOCSIN_HOST.`;
  }
  return error.stack ?? error.message;
}
