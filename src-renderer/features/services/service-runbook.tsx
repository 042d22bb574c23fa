import { type ReactNode, useEffect, useState } from 'react';
import Markdown from 'react-markdown';
import { keptRunbooksMax } from '#server/contract/preference.ts';
import type { Service } from '#server/contract/service.ts';
import { Failure, useAsked } from '../../api/asked.tsx';
import { t } from '../../language/words.ts';
import { usePreferenceValues, useSetPreference } from '../../preference.ts';
import { useSession } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { useCommands } from '../../ui/commands.ts';
import { Panel } from '../../ui/panel.tsx';
import { type KeptRunbook, readRunbook } from './kept-runbooks.ts';

/** What to do about it. Pinned, it is on this machine for when there is no network. */
export function ServiceRunbook({ service }: { service: Service }) {
  const { id, name, version } = service;
  const { drafts } = useSession().replica;
  const { runbooks } = usePreferenceValues();
  const set = useSetPreference();
  const [kept, setKept] = useState<KeptRunbook | null>(null);
  const asked = useAsked(['service', id, version], (api, signal) => api.services.get.query({ name }, { signal }));
  const failed = asked.failure !== null;
  useEffect(() => {
    let current = true;
    void readRunbook(drafts, id).then((found) => {
      if (current) setKept(found);
    });
    return () => {
      current = false;
    };
  }, [drafts, id, failed]);
  const pinned = runbooks.includes(id);
  const full = !pinned && runbooks.length >= keptRunbooksMax ? t`${keptRunbooksMax} are kept already.` : null;
  const toggle = (): void =>
    set({ name: 'runbooks', serviceIds: pinned ? runbooks.filter((each) => each !== id) : [...runbooks, id] });
  useCommands([
    {
      id: 'service.keep-runbook',
      keys: null,
      label: pinned ? t`Do not keep the runbook offline` : t`Keep the runbook offline`,
      unavailable: full,
      run: toggle,
    },
  ]);
  return (
    <Panel
      title={t`Runbook`}
      actions={
        <Button compact icon={pinned ? 'check' : 'pin'} aria-pressed={pinned} unavailable={full} onPress={toggle}>
          {pinned ? t`Kept offline` : t`Keep offline`}
        </Button>
      }
    >
      <div className="panel-body markdown">{body()}</div>
    </Panel>
  );

  function body(): ReactNode {
    if (asked.data !== undefined) return <Text>{asked.data.runbook ?? ''}</Text>;
    if (kept !== null) {
      return (
        <>
          <p className="small-text muted">
            {kept.version === version
              ? t`Kept on this machine.`
              : t`Kept on this machine, of version ${kept.version}; the service is at version ${version} now.`}
          </p>
          <Text>{kept.text}</Text>
        </>
      );
    }
    if (asked.failure !== null) return <Failure what={t`The runbook was not read`} failure={asked.failure} />;
    return <p className="muted">{t`Reading…`}</p>;
  }
}

function Text({ children }: { children: string }) {
  return <Markdown disallowedElements={['img']}>{children}</Markdown>;
}
