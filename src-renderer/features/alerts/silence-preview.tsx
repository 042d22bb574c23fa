import { AskedBody, useAsked } from '../../api/asked.tsx';
import { rich } from '../../language/rich.ts';
import { numberText, t } from '../../language/words.ts';
import { Mark } from '../../ui/mark.tsx';
import { useDebounced } from '../../ui/use-debounced.ts';

/** What a matcher would hold back now, asked of the server while it is being written. */
export function SilencePreview({ matcher }: { matcher: string }) {
  const settled = useDebounced(matcher.trim(), 300);
  const asked = useAsked(['silence-preview', settled], (api) => api.silences.preview.query({ matcher: settled }), {
    enabled: settled !== '',
    keepLast: true,
  });
  if (settled === '') return null;
  const typing = settled !== matcher.trim() || asked.asking;
  return (
    <div className={typing ? 'silence-preview waiting-answer' : 'silence-preview'} aria-live="polite">
      <AskedBody asked={asked} what={t`The preview could not be had`}>
        {(preview) =>
          preview.ok ? (
            <>
              <div>
                {preview.matched === 0
                  ? t`No firing alert matches now. It still holds back those that come.`
                  : rich`${<b>{numberText(preview.matched)}</b>} of ${numberText(preview.firing)} firing alerts match now`}
              </div>
              {preview.sample.length > 0 ? (
                <ul>
                  {preview.sample.slice(0, 4).map((alert) => (
                    <li key={alert.id} className="row">
                      <Mark kind={alert.severity} size="small" />
                      <span className="clip">{alert.title}</span>
                      <span className="mono faint clip">{alert.service ?? ''}</span>
                    </li>
                  ))}
                </ul>
              ) : null}
            </>
          ) : (
            <div role="status">
              {t`The expression does not hold up: ${preview.reason}`}
              {preview.position === undefined ? null : (
                <span className="faint"> {t`(at character ${preview.position + 1})`}</span>
              )}
            </div>
          )
        }
      </AskedBody>
    </div>
  );
}
