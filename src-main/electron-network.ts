// Calls of the main process over Electron's own network, which knows the proxies and authorities of the machine.
import { net, session } from 'electron';
import type { NetworkRequest, ShownCertificate } from './host.ts';
import { fingerprintOf } from './trust.ts';

const withinMs = 15_000;
const bytesMax = 1_048_576;

export const request: NetworkRequest = ({ method, url, body }) =>
  new Promise((resolve, reject) => {
    const call = net.request({ method, url, redirect: 'error' });
    const limit = setTimeout(() => {
      reject(new Error('net::ERR_TIMED_OUT'));
      call.abort();
    }, withinMs);
    const fail = (error: Error): void => {
      clearTimeout(limit);
      reject(error);
    };
    call.on('error', fail);
    call.on('response', (response) => {
      const parts: Buffer[] = [];
      let bytes = 0;
      response.on('data', (part: Buffer) => {
        bytes += part.length;
        if (bytes <= bytesMax) parts.push(part);
        else call.abort();
      });
      response.on('error', fail);
      response.on('aborted', () => fail(new Error('the answer broke off')));
      response.on('end', () => {
        clearTimeout(limit);
        resolve({ status: response.statusCode, text: Buffer.concat(parts).toString('utf8') });
      });
    });
    if (body === undefined) {
      call.end();
      return;
    }
    call.setHeader('content-type', 'application/json');
    call.end(body);
  });

const answers = { accept: 0, refuse: -2, usual: -3 } as const;

export function judgeCertificates(verdict: (shown: ShownCertificate) => keyof typeof answers): void {
  session.defaultSession.setCertificateVerifyProc(({ hostname, certificate }, callback) =>
    callback(answers[verdict({ host: hostname, fingerprint: fingerprintOf(certificate.fingerprint) })]),
  );
  // Connections that stand were judged by the rule before.
  const { closeAllConnections } = session.defaultSession as Partial<typeof session.defaultSession>;
  void closeAllConnections?.call(session.defaultSession);
}
