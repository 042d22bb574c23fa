import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';

/** The certificate has to name the server that was asked for, not the address that its name resolved to. */
export function tlsFor(host: string, caCertificate: string): ConnectionOptions {
  const name = host.replace(/^\[|\]$/g, '');
  return {
    minVersion: 'TLSv1.2',
    ...(isIP(name) === 0 ? { servername: name } : {}),
    ...(caCertificate.trim() === '' ? {} : { ca: caCertificate }),
  };
}
