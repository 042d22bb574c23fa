// The only way out to addresses that users can set (S7).

export interface OutgoingRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  headers?: Record<string, string>;
  body?: string;
  timeoutMs?: number;
  /** Bytes of the answer that are read; the rest is dropped. 64 KiB unless said otherwise. */
  maxBytes?: number;
  signal?: AbortSignal;
  /**
   * Asked once the connection stands, just before the request is written to it: resolving and connecting can take
   * seconds. False: nothing is written, and it rejects with the fault `withdrawn`.
   */
  beforeWrite?: () => boolean | Promise<boolean>;
}

export interface OutgoingAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
  truncated: boolean;
}

export interface Outgoing {
  /**
   * Resolves the name once, refuses private, loopback, link-local and other special addresses that no administrator
   * allowed, and connects to the address it checked. No redirects. Rejects with `OutgoingError`.
   */
  request(request: OutgoingRequest): Promise<OutgoingAnswer>;
  /** For protocols other than HTTP (SMTP, IMAP): the checked address to connect to. Rejects with `OutgoingError`. */
  resolve(host: string, port: number): Promise<{ address: string; family: 4 | 6 }>;
  /** Why this address may not be saved, or null. Asks the resolver. */
  fault(url: string): Promise<string | null>;
}

export type OutgoingFault = 'blocked' | 'unresolved' | 'timeout' | 'refused' | 'tls' | 'broken' | 'withdrawn';

export class OutgoingError extends Error {
  readonly fault: OutgoingFault;
  constructor(fault: OutgoingFault, message: string) {
    super(message);
    this.name = 'OutgoingError';
    this.fault = fault;
  }
}
