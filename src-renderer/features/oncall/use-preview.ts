import type { OncallPreview, OncallPreviewInput } from '#server/contract/oncall.ts';
import { type Asked, useAsked } from '../../api/asked.tsx';
import { useReachable } from '../../session.tsx';
import { useDebounced } from '../../ui/use-debounced.ts';

interface PreviewOptions {
  /** Asked once typing rests for so long. */
  restMs?: number;
  /** What the answer is made from beside the question: a new basis asks again. */
  basis?: string;
}

/** A schedule worked out by the server over a span, with what is tried on top of it. */
export function usePreview(
  input: OncallPreviewInput | null,
  { restMs = 250, basis = '' }: PreviewOptions = {},
): Asked<OncallPreview> {
  const reachable = useReachable();
  const settled = useDebounced(JSON.stringify(input), restMs);
  return useAsked(
    ['oncall-preview', settled, basis],
    (api, signal) => api.oncall.preview.query(JSON.parse(settled) as OncallPreviewInput, { signal }),
    { enabled: settled !== 'null' && reachable, goodForMs: 20_000, keepLast: true },
  );
}
