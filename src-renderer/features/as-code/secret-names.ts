/** Variables that the file names as `{env: NAME}` or `env: NAME`, each once, in their order. */
export function secretsNamed(yaml: string): string[] {
  const found = [...yaml.matchAll(/(?:^|[{\s,])env:\s*["']?([A-Za-z_][A-Za-z0-9_]{0,99})["']?\s*(?:[},#\n]|$)/gm)];
  return [...new Set(found.map(([, name]) => name ?? ''))].filter((name) => name !== '');
}
