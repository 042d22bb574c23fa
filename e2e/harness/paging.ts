// Sets up who is paged, over the same intents that the screens send.
import { v7 as uuid } from 'uuid';
import type { ConfigDraft } from '#server/contract/config.ts';
import type { PagingSettings } from '#server/contract/paging-settings.ts';
import type { EscalationStep, Target } from '#server/contract/policy.ts';
import { act, mutate } from './rest.ts';
import type { RunningServer } from './server.ts';

/** Saves one document and answers its id; a refusal throws with its reason. */
export async function saveConfig(server: RunningServer, document: ConfigDraft, id = uuid()): Promise<string> {
  const result = await act(server, { kind: 'config.save', documentId: id, document });
  if (result.outcome !== 'applied') throw new Error(`saving a ${document.kind} was ${JSON.stringify(result)}`);
  return id;
}

export async function setPaging(server: RunningServer, change: Partial<PagingSettings>): Promise<void> {
  await mutate(server, 'watchdog.set', {
    mode: 'live',
    deadMan: null,
    fallbackChannelId: null,
    allowedPrivateHosts: [],
    ...change,
  });
}

export function step(targets: Target[], given: Partial<EscalationStep> = {}): EscalationStep {
  return {
    id: uuid(),
    targets,
    roundRobin: false,
    delayMinutes: 5,
    when: { severities: [], hours: 'any' },
    priority: 'by-route',
    ...given,
  };
}

export function savePolicy(server: RunningServer, name: string, steps: EscalationStep[], repeat = 0): Promise<string> {
  return saveConfig(server, {
    kind: 'policy',
    draft: {
      name,
      description: '',
      teamId: null,
      steps,
      repeat,
      acknowledgementsNeeded: 1,
      pageAgain: 'severity-rises',
      workingHours: null,
    },
  });
}

/** Everything that `condition` holds for goes to this policy. */
export function saveRoute(
  server: RunningServer,
  policyId: string,
  { condition = 'true', channelIds = [] as string[], name = 'Everything', holdSeconds = 0 } = {},
): Promise<string> {
  return saveConfig(server, {
    kind: 'route',
    draft: {
      name,
      enabled: true,
      condition,
      policyId,
      priority: 'by-severity',
      channelIds,
      service: '',
      holdSeconds,
    },
  });
}
