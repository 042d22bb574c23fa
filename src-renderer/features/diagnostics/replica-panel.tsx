import { useEffect, useState } from 'react';
import { entityNames } from '#server/contract/replica.ts';
import { useReplica, useSession } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Panel } from '../../ui/panel.tsx';
import { byteWords } from './byte-words.ts';
import { FactList } from './fact-list.tsx';

const words: Record<(typeof entityNames)[number], string> = {
  user: 'People',
  team: 'Teams',
  integration: 'Integrations',
  rule: 'Grouping rules',
  silence: 'Silences',
  view: 'Saved views',
  service: 'Services',
  preference: 'Preferences',
  schedule: 'Schedules',
  override: 'Overrides',
  timeOff: 'Times off',
  swap: 'Swap requests',
  policy: 'Escalation policies',
  route: 'Routes',
  inhibition: 'Inhibitions',
  stakeholderList: 'Stakeholder lists',
  statusUpdate: 'Status updates',
  channel: 'Channels',
  monitor: 'Heartbeat monitors',
  responder: 'Contact profiles',
  roster: 'Rosters',
  incident: 'Incidents',
  task: 'Tasks',
  participant: 'People in incidents',
  ask: 'Asks',
  poll: 'Polls',
  postmortem: 'Reviews',
  timeline: 'Timeline entries',
  chat: 'Messages in rooms',
  escalation: 'Escalations',
  page: 'Pages',
  change: 'Changes',
  alert: 'Alerts',
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
      title="Copy on this machine"
      count={`${rows.reduce((sum, row) => sum + row.count, 0).toLocaleString('en')} rows`}
      label="Copy on this machine"
      actions={
        <Button
          compact
          unavailable={reachable ? null : 'Without the server there is nothing to rebuild it from.'}
          onPress={() => setAsking(true)}
        >
          Rebuild…
        </Button>
      }
    >
      <FactList
        facts={[
          {
            name: 'Kept',
            value: kept ? 'in this machine’s database' : 'in memory only',
            note: kept ? null : 'The browser gave no database, or it failed: what is queued is lost with the window.',
          },
          {
            name: 'Storage',
            value: storage === null ? null : `${byteWords(storage.usage)} of ${byteWords(storage.quota)}`,
            note: storage === null ? null : 'the browser’s estimate, for all it keeps of this address',
          },
        ]}
      />
      <ul className="row-counts" aria-label="Rows">
        {rows.map((row) => (
          <li key={row.name}>
            <span>{row.name}</span>
            <b>{row.count.toLocaleString('en')}</b>
          </li>
        ))}
      </ul>
      <Dialog
        title="Rebuild the copy?"
        open={asking}
        onClose={() => setAsking(false)}
        foot={
          <>
            <Button onPress={() => setAsking(false)}>Leave it</Button>
            <Button
              look="primary"
              onPress={() => {
                replica.stream.start(null);
                setAsking(false);
              }}
            >
              Rebuild
            </Button>
          </>
        }
      >
        <p>
          Everything is read from the server again. The outbox stays as it is, and so does what you see until the new
          copy is there.
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
