/** The only source of chance. */
export interface Random {
  /** Uniform in [0, 1). */
  number(): number;
  bytes(length: number): Uint8Array;
  /** UUIDv7 at the clock's time. */
  uuid(): string;
}
