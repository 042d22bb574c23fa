// A small configuration of paging for simulations: people, a policy, routes, an inhibition; and how it is edited.
import type { PolicyDraft, Target } from '#server/contract/policy.ts';
import { createPagingConfig } from '#server/modules/config/paging-config.ts';
import type { DocumentList, PagingConfig, StoredDocument } from '#server/modules/config/state.ts';
import type { PagedPerson } from '#server/modules/escalation/facts.ts';
import type { DocumentsThen } from '#server/modules/ledger/replay.ts';
import type { Random } from '#server/ports/random.ts';
import { testId } from '#server/testkit/incidents.ts';

const team = testId(700);
export const people: PagedPerson[] = [
  { id: testId(701), name: 'Ada', role: 'admin', disabled: false, teamIds: [] },
  { id: testId(702), name: 'Bo', role: 'responder', disabled: false, teamIds: [team] },
  { id: testId(703), name: 'Cy', role: 'responder', disabled: false, teamIds: [team] },
  { id: testId(704), name: 'Di', role: 'responder', disabled: true, teamIds: [team] },
];
export const teams = [{ id: team, name: 'Payments' }];
const channel = testId(710);
export const policyId = testId(720);
const at = '2026-01-01T00:00:00.000Z';

function stored<K extends StoredDocument['kind']>(
  kind: K,
  id: string,
  version: number,
  draft: StoredDocument<K>['draft'],
  state: StoredDocument<K>['state'],
): StoredDocument<K> {
  const common = { bodyVersion: version, findings: [], origin: 'ui', updatedAt: at, updatedBy: null } as const;
  return { $document: `${kind}/${id}@${version}`, kind, id, version, draft, state, ...common };
}

export interface ConfigBook extends DocumentsThen {
  current(): PagingConfig;
  policy(): StoredDocument<'policy'>;
  edit(draft: PolicyDraft): void;
}

/** The configuration as it is, and everything that it ever was, for replay. */
export function createConfigBook(policy: PolicyDraft, holdSeconds: number, inhibits: boolean): ConfigBook {
  let revision = 1;
  const fixed: StoredDocument[] = [
    stored('channel', channel, 1, { name: 'Hook', kind: 'webhook', enabled: true, settings: {}, secrets: {} }, noState),
    stored('route', testId(731), 1, aRoute(holdSeconds), { position: 0, builtIn: true }),
  ] as unknown as StoredDocument[];
  if (inhibits) {
    const draft = {
      name: 'network first',
      enabled: true,
      cause: 'alert.service == "net"',
      symptom: 'alert.service != "net"',
      equal: [],
    };
    fixed.push(stored('inhibition', testId(741), 1, draft, {}) as unknown as StoredDocument);
  }
  let now = stored('policy', policyId, 1, policy, {});
  const documents = new Map<string, unknown>(fixed.map((document) => [document.$document, document]));
  const lists = new Map<string, unknown>();
  const make = () => {
    const config = createPagingConfig(revision, [...fixed, now as unknown as StoredDocument]);
    documents.set(now.$document, now);
    for (const kind of ['route', 'inhibition', 'channel'] as const) {
      const list: DocumentList<typeof kind> = config.list(kind);
      lists.set(list.$documents, list);
    }
    return config;
  };
  let config = make();
  return {
    current: () => config,
    policy: () => now,
    edit(draft) {
      revision += 1;
      now = stored('policy', policyId, now.version + 1, draft, {});
      config = make();
    },
    documents: (refs) => Promise.resolve(new Map(refs.map((ref) => [ref, documents.get(ref)]))),
    lists: (refs) => Promise.resolve(new Map(refs.map((ref) => [ref, lists.get(ref)]))),
  };
}

const noState = { secretNames: [], lastSentAt: null, lastError: null };

function aRoute(holdSeconds: number) {
  return {
    name: 'Everything',
    enabled: true,
    condition: 'true',
    policyId,
    priority: 'by-severity' as const,
    channelIds: [],
    service: '',
    holdSeconds,
  };
}

export function aPolicy(random: Random, change: Partial<PolicyDraft> = {}): PolicyDraft {
  const steps = Array.from({ length: 1 + Math.floor(random.number() * 3) }, () => aStep(random));
  return {
    name: 'payments-critical',
    description: '',
    teamId: null,
    steps,
    repeat: Math.floor(random.number() * 3),
    acknowledgementsNeeded: random.number() < 0.15 ? 2 : 1,
    pageAgain: random.number() < 0.2 ? 'every-alert' : 'severity-rises',
    workingHours: null,
    ...change,
  };
}

export function aStep(random: Random): PolicyDraft['steps'][number] {
  const targets: Target[] = [];
  const roll = random.number();
  if (roll < 0.35) targets.push({ type: 'user', id: testId(702) });
  if (roll > 0.2 && roll < 0.6) targets.push({ type: 'user', id: testId(703) });
  if (roll >= 0.6 && roll < 0.8) targets.push({ type: 'team', id: team });
  if (roll >= 0.75 && roll < 0.93) targets.push({ type: 'channel', id: channel });
  if (targets.length === 0) targets.push({ type: 'user', id: testId(704) });
  return {
    id: random.uuid(),
    targets,
    roundRobin: random.number() < 0.2,
    delayMinutes: random.number() < 0.15 ? 0 : 1 + Math.floor(random.number() * 5),
    when: { severities: random.number() < 0.1 ? ['sev1'] : [], hours: 'any' },
    priority: 'by-route',
  };
}
