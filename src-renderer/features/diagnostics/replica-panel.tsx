import { useEffect, useState } from 'react';
import { entityNames } from '#server/contract/replica.ts';
import { numberText, t } from '../../language/words.ts';
import { useReplica, useSession } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Panel } from '../../ui/panel.tsx';
import { byteWords } from './byte-words.ts';
import { FactList } from './fact-list.tsx';

const words: Record<(typeof entityNames)[number], string> = {
  user: t`People`,
  team: t`Teams`,
  integration: t`Integrations`,
  rule: t`Grouping rules`,
  silence: t`Silences`,
  view: t`Saved views`,
  service: t`Services`,
  preference: t`Preferences`,
  schedule: t`Schedules`,
  override: t`Overrides`,
  timeOff: t`Times off`,
  swap: t`Swap requests`,
  policy: t`Escalation policies`,
  route: t`Routes`,
  inhibition: t`Inhibitions`,
  stakeholderList: t`Stakeholder lists`,
  statusUpdate: t`Status updates`,
  channel: t`Channels`,
  monitor: t`Heartbeat monitors`,
  responder: t`Contact profiles`,
  roster: t`Rosters`,
  incident: t`Incidents`,
  task: t`Tasks`,
  participant: t`People in incidents`,
  ask: t`Asks`,
  poll: t`Polls`,
  postmortem: t`Reviews`,
  timeline: t`Timeline entries`,
  chat: t`Messages in rooms`,
  escalation: t`Escalations`,
  page: t`Pages`,
  change: t`Changes`,
  alert: t`Alerts`,
};

/** The copy on this machine. */
export function ReplicaPanel() {
  const { replica } = useSession();
  const tables = useReplica((state) => state.tables);
  const kept = useReplica((state) => state.kept);
  const reachable = useReplica((state) => state.connection.reachable);
  const storage = useStorage();
  const [asking, setAsking] = useState(false);
  const rows = entityNames.map((name) => ({ name: words[name], count: tables[name].rows.size }));
  return (
    <Panel
      title={t`Copy on this machine`}
      count={t`${numberText(rows.reduce((sum, row) => sum + row.count, 0))} rows`}
      label={t`Copy on this machine`}
      actions={
        <Button
          compact
          unavailable={reachable ? null : t`Without the server there is nothing to rebuild it from.`}
          onPress={() => setAsking(true)}
        >
          {t`Rebuild…`}
        </Button>
      }
    >
      <FactList
        facts={[
          {
            name: t`Kept`,
            value: kept ? t`in this machine’s database` : t`in memory only`,
            note: kept ? null : t`The browser gave no database, or it failed: what is queued is lost with the window.`,
          },
          {
            name: t`Storage`,
            value: storage === null ? null : t`${byteWords(storage.usage)} of ${byteWords(storage.quota)}`,
            note: storage === null ? null : t`the browser’s estimate, for all it keeps of this address`,
          },
        ]}
      />
      <ul className="row-counts" aria-label={t`Rows`}>
        {rows.map((row) => (
          <li key={row.name}>
            <span>{row.name}</span>
            <b>{numberText(row.count)}</b>
          </li>
        ))}
      </ul>
      <Dialog
        title={t`Rebuild the copy?`}
        open={asking}
        onClose={() => setAsking(false)}
        foot={
          <>
            <Button onPress={() => setAsking(false)}>{t`Leave it`}</Button>
            <Button
              look="primary"
              onPress={() => {
                replica.stream.start(null);
                setAsking(false);
              }}
            >
              {t`Rebuild`}
            </Button>
          </>
        }
      >
        <p>
          {t`Everything is read from the server again. The outbox stays as it is, and so does what you see until the new copy is there.`}
        </p>
      </Dialog>
    </Panel>
  );
}

function useStorage(): { usage: number; quota: number } | null {
  const [estimate, setEstimate] = useState<{ usage: number; quota: number } | null>(null);
  useEffect(() => {
    // Plain http on another host has no storage manager.
    void navigator.storage
      ?.estimate()
      .then(({ usage, quota }) => setEstimate(usage === undefined || quota === undefined ? null : { usage, quota }))
      .catch(() => undefined);
  }, []);
  return estimate;
}
