// Argon2id by Node's own OpenSSL; by WebAssembly where there is none. The desktop app's Electron is built on BoringSSL, which
// knows no Argon2, and the center that runs there has to take the same passwords.
import * as crypto from 'node:crypto';
import { promisify } from 'node:util';

export type Cost = { memory: number; passes: number; parallelism: number };
export type Argon2id = (message: string, salt: Uint8Array, cost: Cost, length: number) => Promise<Uint8Array>;

type Native = (algorithm: 'argon2id', parameters: crypto.Argon2Parameters) => Promise<Uint8Array>;

/** Pure but for the choice, which is made at the first use. `native` null: this Node has never heard of it. */
export function createArgon2id(native: Native | null): Argon2id {
  let missing = native === null;
  return async (message, salt, cost, length) => {
    if (native !== null && !missing) {
      try {
        return await native('argon2id', { ...cost, message, nonce: salt, tagLength: length });
      } catch (error) {
        if ((error as { code?: unknown }).code !== 'ERR_CRYPTO_ARGON2_NOT_SUPPORTED') throw error;
        missing = true;
      }
    }
    // Only here: no other center loads it.
    const wasm = await import('hash-wasm');
    return wasm.argon2id({
      // It refuses an empty one, which is nobody's password, and has to take as long as any.
      password: message === '' ? '\0' : message,
      salt,
      memorySize: cost.memory,
      iterations: cost.passes,
      parallelism: cost.parallelism,
      hashLength: length,
      outputType: 'binary',
    });
  };
}

// As a name that may be missing: an older Node exports none, and would not even start.
const { argon2 } = crypto as Partial<typeof crypto>;
export const argon2id = createArgon2id(argon2 === undefined ? null : promisify(argon2));
