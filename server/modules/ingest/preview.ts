import { AppError } from '#server/api/app-error.ts';
import type { MappingTrial } from '#server/contract/integration.ts';
import type { CompiledMapping } from '#server/expressions/mapping.ts';
import { defaultIngestLimits } from '#server/modules/ingest/limits.ts';
import { generic } from '#server/modules/ingest/sources/generic.ts';
import { readPost } from '#server/modules/ingest/post.ts';

const nobody = '00000000-0000-0000-0000-000000000000';

/** What the generic source would make of a body, by the very way that a post takes. */
export function previewGeneric(
  mapping: CompiledMapping | null,
  body: unknown,
  receivedAt: number,
): Pick<MappingTrial, 'alerts' | 'rejected' | 'reason'> {
  try {
    const sender = { id: nobody, kind: 'generic', mapping } as const;
    const post = readPost(sender, 'generic', body, { receivedAt, newKey: () => '', limits: defaultIngestLimits });
    const alerts = post.items.flatMap(({ item }) => {
      const normalised = generic.normalise(item, { integrationId: nobody, source: 'generic', receivedAt });
      if (!normalised.ok || normalised.signal.kind !== 'alert') return [];
      const { action, title, severity, service, dedupKey, labels, annotations, sourceUrl, runbookUrl } =
        normalised.signal;
      return [{ action, title, severity, service, dedupKey, labels, annotations, sourceUrl, runbookUrl }];
    });
    return { alerts, rejected: post.rejected, reason: null };
  } catch (error) {
    if (error instanceof AppError) return { alerts: [], rejected: [], reason: error.message };
    throw error;
  }
}
