/** One part of a bench by its name, or all of them one after another. */
export async function runParts(
  bench: string,
  parts: Record<string, () => Promise<void>>,
  name: string | undefined,
): Promise<void> {
  const one = name === undefined ? undefined : parts[name];
  if (name !== undefined && one === undefined) {
    const known = Object.keys(parts).join(', ');
    console.error(`No part of the bench ${bench} is called "${name}". There are: ${known}.`);
    process.exitCode = 1;
    return;
  }
  for (const part of one === undefined ? Object.values(parts) : [one]) await part();
}
