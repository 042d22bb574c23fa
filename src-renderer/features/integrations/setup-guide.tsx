import { useState } from 'react';
import type { IntegrationKind } from '#server/contract/integration.ts';
import { t } from '../../language/words.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { keyPlaceholder, setupTexts } from './setup-text.ts';

interface SetupGuideProps {
  kind: IntegrationKind;
  origin: string;
  /** The key while it is known; it is shown once. */
  apiKey: string | null;
}

/** Ready configuration to copy, with the address that people reach and, right after it was made, the key. */
export function SetupGuide({ kind, origin, apiKey }: SetupGuideProps) {
  const texts = setupTexts(kind, origin, apiKey ?? keyPlaceholder);
  const [chosen, setChosen] = useState(texts[0]?.id ?? '');
  const shown = texts.find((text) => text.id === chosen) ?? texts[0];
  if (shown === undefined) return null;
  return (
    <div className="setup">
      {texts.length > 1 ? (
        <Segmented
          label={t`Ways to send`}
          options={texts.map((text) => ({ value: text.id, label: text.title }))}
          value={shown.id}
          onChange={setChosen}
        />
      ) : null}
      <div className="setup-card">
        <div className="setup-head">
          <span className="strong">{shown.title}</span>
          <span className="small-text muted">{shown.hint}</span>
        </div>
        <pre tabIndex={0} aria-label={`${shown.title}: ${shown.hint}`}>
          {shown.text
            .split(apiKey ?? keyPlaceholder)
            .flatMap((part, i) => (i === 0 ? [part] : [<b key={i}>{apiKey ?? keyPlaceholder}</b>, part]))}
        </pre>
        <div className="setup-foot">
          <span className="grow">
            {apiKey === null ? t`Put the key in; a lost one is replaced by rotating.` : t`Sends to ${origin}`}
          </span>
          <CopyButton text={shown.text} />
        </div>
      </div>
    </div>
  );
}

/** Whether other machines can reach the address at all. */
export function isLoopback(origin: string): boolean {
  const host = new URL(origin).hostname;
  return host === 'localhost' || host === '[::1]' || host.startsWith('127.');
}

/** The server knows by which address others reach it; without that, the one this client uses. */
export function originOf(url: string, fallback: string): string {
  return URL.canParse(url) ? new URL(url).origin : fallback;
}
