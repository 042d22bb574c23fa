import { expect, it } from 'vitest';
import { secretsNamed } from './secret-names.ts';

it('finds the variables that a file names, each once, and no label called env', () => {
  const yaml = `channels:
  - name: ops
    secrets: { botToken: { env: SLACK_TOKEN }, signingSecret: { env: "SLACK_SECRET" } }
    again:
      env: SLACK_TOKEN
routes:
  - condition: alert.labels.env == "prod"
`;
  expect(secretsNamed(yaml)).toEqual(['SLACK_TOKEN', 'SLACK_SECRET']);
});
