/** What a provider answered, fit for the ledger: at most 2,000 characters, without secrets and whole phone numbers. */
export function masked(text: string, hidden: readonly string[]): string {
  let clean = text;
  for (const secret of hidden) {
    if (secret.length < 4) continue;
    for (const form of [secret, encodeURIComponent(secret)]) clean = clean.replaceAll(form, '…');
  }
  // E.164, also with its plus sign encoded or its digits spaced.
  clean = clean.replace(/(\+|%2B)\d(?:[\d -]{5,17})\d/gi, (number) => `${number.slice(0, 3)} … ${number.slice(-2)}`);
  return clean.length <= 2_000 ? clean : `${clean.slice(0, 1_999)}…`;
}

/** Every form in which an address might come back. */
export function formsOf(address: string): string[] {
  return address.startsWith('+') ? [address, address.slice(1)] : [address];
}
