// Which integration a key belongs to, without asking the database for every post.
import type { Integration } from '#server/contract/integration.ts';
import { type CompiledMapping, compileMapping } from '#server/expressions/mapping.ts';
import { keyHash } from '#server/modules/integrations/key.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';

export interface KnownIntegration {
  id: string;
  kind: Integration['kind'];
  enabled: boolean;
  mapping: CompiledMapping | null;
}

/** A rotated or deleted key stops working on every server within this time and one look into the store (S4: 5 s). */
const trustMs = 4_000;
/** Wrong keys are remembered too; this bounds how many. */
const maxKeys = 10_000;

export function createKnownKeys(deps: {
  clock: Pick<Clock, 'monotonic'>;
  logger: Logger;
  find(hash: Buffer): Promise<Integration | null>;
}) {
  const { clock, logger, find } = deps;
  const known = new Map<string, { integration: KnownIntegration | null; until: number }>();
  const asking = new Map<string, Promise<KnownIntegration | null>>();
  let generation = 0;

  async function ask(hash: Buffer, name: string): Promise<KnownIntegration | null> {
    const begun = generation;
    try {
      const found = await find(hash);
      const integration = found === null ? null : withMapping(found, logger);
      const oldest = known.size >= maxKeys ? known.keys().next().value : undefined;
      if (oldest !== undefined) known.delete(oldest);
      // What was read before a change is not kept after it.
      if (begun === generation) known.set(name, { integration, until: clock.monotonic() + trustMs });
      return integration;
    } finally {
      asking.delete(name);
    }
  }

  return {
    byKey(key: string): KnownIntegration | null | Promise<KnownIntegration | null> {
      const hash = keyHash(key);
      const name = hash.toString('latin1');
      const entry = known.get(name);
      if (entry !== undefined && entry.until > clock.monotonic()) return entry.integration;
      known.delete(name);
      let answer = asking.get(name);
      if (answer === undefined) {
        answer = ask(hash, name);
        asking.set(name, answer);
      }
      return answer;
    },
    forget(): void {
      generation += 1;
      known.clear();
      asking.clear();
    },
  };
}

function withMapping(integration: Integration, logger: Logger): KnownIntegration {
  const { id, kind, enabled } = integration;
  if (integration.mapping === null) return { id, kind, enabled, mapping: null };
  const compiled = compileMapping(integration.mapping);
  if (compiled.ok) return { id, kind, enabled, mapping: compiled.mapping };
  // It compiled when it was saved. Reading the usual way loses less than refusing everything.
  logger.warn('a stored mapping no longer compiles; the default reading is used', {
    integrationId: id,
    errors: compiled.errors,
  });
  return { id, kind, enabled, mapping: null };
}
