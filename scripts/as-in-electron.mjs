// Loaded before a program that the tests run as Electron would: a port to the app in place of Node's channel, and the
// functions of OpenSSL that BoringSSL has not.
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  const send = process.send.bind(process);
  process.parentPort = {
    postMessage: (message) => void send(message),
    on: (_name, listener) => void process.on('message', (data) => listener({ data })),
  };
  process.send = undefined;
}

crypto.argon2 = () => {
  throw Object.assign(new Error('Argon2 algorithm not supported'), { code: 'ERR_CRYPTO_ARGON2_NOT_SUPPORTED' });
};
syncBuiltinESMExports();
