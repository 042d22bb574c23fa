import type { IntegrationKind } from '#server/contract/integration.ts';
import { t } from '../../language/words.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { isLoopback, SetupGuide } from './setup-guide.tsx';

/** The one moment at which a key can be read. */
export function KeyShownOnce({ apiKey, kind, origin }: { apiKey: string; kind: IntegrationKind; origin: string }) {
  return (
    <>
      <div className="key-once">
        <div className="grow">
          <div className="small-text muted">{t`Its key. It is shown this once; the server keeps only a hash of it.`}</div>
          <div className="mono wrap-any key-text">{apiKey}</div>
        </div>
        <CopyButton text={apiKey} label={t`Copy the key`} />
      </div>
      <SetupGuide kind={kind} origin={origin} apiKey={apiKey} />
      {isLoopback(origin) ? (
        <p className="small-text muted">
          {t`${origin} is reachable from this machine only. For others, start the server with TOCSIN_HOST and TOCSIN_PUBLIC_URL.`}
        </p>
      ) : null}
    </>
  );
}
