import { AskedAge, useAsked } from '../../api/asked.tsx';
import { t } from '../../language/words.ts';
import { useFreshness } from '../../session.tsx';
import { Freshness } from '../../ui/freshness.tsx';
import { ScreenHead } from '../../ui/screen-head.tsx';
import { BundleExport } from './bundle-export.tsx';
import { ConnectionPanel } from './connection-panel.tsx';
import { DeadLetters } from './dead-letters.tsx';
import './diagnostics.css';
import { OutboxPanel } from './outbox-panel.tsx';
import { PermissionsPanel } from './permissions-panel.tsx';
import { ReplicaPanel } from './replica-panel.tsx';
import { ServerPanel } from './server-panel.tsx';

/** How this client and its server are doing. What comes from the server carries the age of its answer. */
export function DiagnosticsScreen() {
  const fresh = useFreshness();
  const report = useAsked(['diagnostics'], (api) => api.diagnostics.report.query(), { goodForMs: 2_000 });
  return (
    <div className="diagnostics">
      <ScreenHead
        title={t`Diagnostics`}
        beside={
          <>
            <span className="small-text muted">
              <Freshness value={fresh} bare />
            </span>
          </>
        }
      >
        <AskedAge asked={report} />
        <BundleExport report={report.data} />
      </ScreenHead>
      <div className="diagnostics-grid">
        <div className="diagnostics-stack">
          <ConnectionPanel />
          <ServerPanel report={report} />
        </div>
        <div className="diagnostics-stack">
          <ReplicaPanel />
          <OutboxPanel />
          <PermissionsPanel />
        </div>
      </div>
      <DeadLetters />
    </div>
  );
}
