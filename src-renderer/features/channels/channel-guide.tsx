import type { ChannelKind } from '#server/contract/channel.ts';
import { t } from '../../language/words.ts';
import { useSession } from '../../session.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { isLoopback } from '../integrations/setup-guide.tsx';
import { callbacksOf } from './channel-draft.ts';
import { setUpSteps } from './channel-words.ts';

/** What to do at the provider, with the addresses it has to call. */
export function ChannelGuide({ kind, channelId }: { kind: ChannelKind; channelId: string }) {
  const { serverUrl } = useSession();
  const callbacks = callbacksOf(kind, serverUrl, channelId);
  return (
    <Panel title={t`Set-up`}>
      <div className="panel-body">
        <ol className="channel-steps">
          {setUpSteps[kind].map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
        {callbacks.length === 0 ? null : (
          <ul className="channel-callbacks" aria-label={t`Addresses that the provider calls`}>
            {callbacks.map(({ what, url }) => (
              <li key={url}>
                <div className="two-line grow">
                  <div className="mono wrap-any">{url}</div>
                  <div>{what}</div>
                </div>
                <CopyButton text={url} label={t`Copy the address: ${what}`} iconOnly />
              </li>
            ))}
          </ul>
        )}
        {callbacks.length > 0 && isLoopback(serverUrl) ? (
          <p className="small-text muted">
            {t`${serverUrl} is reachable from this machine only. For a provider to reach it, start the server with TOCSIN_PUBLIC_URL set to an https address.`}
          </p>
        ) : null}
      </div>
    </Panel>
  );
}
