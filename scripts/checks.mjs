// What is checked without running the program. Each counts as one check.
export const staticChecks = [
  { name: 'types of server, shell and tests', command: ['node_modules/typescript/bin/tsc', '-p', '.'] },
  { name: 'types of the client', command: ['node_modules/typescript/bin/tsc', '-p', 'src-renderer'] },
  { name: 'lint and boundaries', command: ['node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings'] },
  { name: 'format', command: ['node_modules/oxfmt/bin/oxfmt', '--check', '.'] },
  { name: 'dead code', command: ['node_modules/knip/bin/knip.js', '--no-progress'] },
];
