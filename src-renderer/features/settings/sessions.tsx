import { AskedAge, AskedBody, Failure, useAsked, useCall } from '../../api/asked.tsx';
import { rich } from '../../language/rich.ts';
import { t } from '../../language/words.ts';
import { useCanRole } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Ago } from '../../ui/time.tsx';

const clientWords = { desktop: t`Desktop app`, browser: t`Browser` };

export function Sessions() {
  const asked = useAsked(['sessions'], (api) => api.auth.sessions.list.query());
  const offline = useCanRole()('viewer');
  const revoke = useCall((api, id: string) => api.auth.sessions.revoke.mutate({ id }));
  return (
    <>
      <div className="row settings-block">
        <p className="muted grow">
          {t`Where you are signed in. One that you do not know: end it, and change your password.`}
        </p>
        <AskedAge asked={asked} />
      </div>
      {revoke.failure === null ? null : <Failure what={t`That sign-in was not ended`} failure={revoke.failure} />}
      <AskedBody asked={asked} what={t`Your sign-ins could not be listed`}>
        {(sessions) => (
          <ul className="settings-list" aria-label={t`Your sign-ins`}>
            {sessions.map((session) => (
              <li key={session.id}>
                <div className="two-line grow">
                  <div className="medium">
                    {session.current ? t`${clientWords[session.client]}, this one` : clientWords[session.client]}
                  </div>
                  <div>
                    {rich`since ${session.createdAt.slice(0, 10)}, used ${<Ago at={session.lastUsedAt} />} ago`}
                  </div>
                </div>
                <div className="small-text muted settings-side">{t`until ${session.expiresAt.slice(0, 10)}`}</div>
                <Button
                  compact
                  unavailable={
                    session.current ? t`This is the one you use. Sign out from the menu under your name.` : offline
                  }
                  isDisabled={revoke.busy}
                  onPress={() => void revoke.run(session.id).then(asked.again)}
                >
                  {t`End it`}
                </Button>
              </li>
            ))}
          </ul>
        )}
      </AskedBody>
    </>
  );
}
