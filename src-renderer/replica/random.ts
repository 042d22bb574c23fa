/** The client's only source of chance that is not an id. */
export function systemRandom(): number {
  return Math.random();
}
