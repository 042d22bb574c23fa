import { useEffect, useMemo, useState } from 'react';
import type { Integration } from '#server/contract/integration.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import type { ScreenProps } from '../../screen-props.ts';
import { useCanRole, useFreshness, useReplica, useSession, useTable } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Freshness } from '../../ui/freshness.tsx';
import { Mark, type MarkKind } from '../../ui/mark.tsx';
import { Ago } from '../../ui/time.tsx';
import { CreateIntegration } from './create-integration.tsx';
import { IntegrationDetail } from './integration-detail.tsx';
import './integrations.css';
import { integrationKindInfo, kindName } from './setup-text.ts';

export function IntegrationsScreen({ params, query }: ScreenProps) {
  const table = useTable('integration');
  const ready = useReplica((state) => state.ready);
  const fresh = useFreshness();
  const cannot = useCanRole()('manager');
  const { serverUrl } = useSession();
  const [creating, setCreating] = useState(query.get('new') !== null);
  const list = useMemo(() => [...table.rows.values()].toSorted((a, b) => a.name.localeCompare(b.name)), [table]);
  const current = table.rows.get(params['id'] ?? '');
  const add = (
    <Button look="primary" icon="plus" unavailable={cannot} onPress={() => setCreating(true)}>
      Add integration
    </Button>
  );

  return (
    <div className={current === undefined ? 'integrations' : 'integrations detail'}>
      <div className="integrations-main">
        <header className="screen-head">
          <h1>Integrations</h1>
          <span className="small-text faint">
            {list.length === 0 ? '' : `${list.length} that may send to this server`}
          </span>
          <span className="small-text muted">
            <Freshness value={fresh} bare />
          </span>
          <span className="grow" />
          {list.length === 0 ? null : add}
        </header>
        {list.length === 0 && ready ? (
          <Empty title="Nothing may send to this server yet" actions={add}>
            Each integration has a key of its own. Choose what sends, and its configuration is made ready to copy.
          </Empty>
        ) : null}
        {list.length > 0 ? (
          <>
            <div className="integration-row head" aria-hidden="true">
              <span />
              <span>Name</span>
              <span>Last seen</span>
              <span className="number">Accepted</span>
              <span className="number">Refused</span>
              <span className="integration-state">State</span>
            </div>
            <ul aria-label="Integrations">
              {list.map((integration) => (
                <li key={integration.id}>
                  <Row integration={integration} current={integration.id === current?.id} />
                </li>
              ))}
            </ul>
          </>
        ) : null}
        {list.some((one) => one.errorCount > 0) ? (
          <p className="small-text muted integrations-hint">
            Refused posts were answered with their reason and never taken. Posts that were taken but could not be
            processed are put aside: <a href={paths.diagnostics()}>dead letters, under Diagnostics</a>.
          </p>
        ) : null}
      </div>
      {current === undefined ? null : <IntegrationDetail key={current.id} integration={current} />}
      {params['id'] !== undefined && current === undefined && ready ? <Gone /> : null}
      {creating ? (
        <CreateIntegration
          fallbackOrigin={serverUrl}
          onClose={(made) => {
            setCreating(false);
            if (made !== null) navigate(paths.integration(made));
          }}
        />
      ) : null}
    </div>
  );
}

/** The address names one that is not there: deleted, or from another server. */
function Gone() {
  useEffect(() => navigate(paths.integrations(), { replace: true }), []);
  return null;
}

function Row({ integration, current }: { integration: Integration; current: boolean }) {
  const state = stateOf(integration, useServerNow());
  const info = integrationKindInfo.find((one) => one.kind === integration.kind);
  return (
    <a
      className={current ? 'integration-row focused' : 'integration-row'}
      href={paths.integration(integration.id)}
      aria-current={current ? 'true' : undefined}
    >
      <Mark kind={state.mark} label={state.word} />
      <span className="two-line">
        <span className="clip medium block">{integration.name}</span>
        <span className="clip block">{info?.name ?? kindName(integration.kind)}</span>
      </span>
      <span className="small-text muted">
        {integration.lastSeenAt === null ? 'never' : <Ago at={integration.lastSeenAt} />}
      </span>
      <span className="number">{integration.acceptedCount.toLocaleString('en')}</span>
      <span className={integration.errorCount === 0 ? 'number faint' : 'number'}>
        {integration.errorCount.toLocaleString('en')}
      </span>
      <span className="small-text muted integration-state">{state.word}</span>
    </a>
  );
}

const quietMs = 24 * 3_600_000;

/** Unknown never looks healthy: one that never sent, or fell silent, is a ring and not a tick. */
export function stateOf(integration: Integration, nowMs: number): { mark: MarkKind; word: string } {
  if (!integration.enabled) return { mark: 'unknown', word: 'switched off' };
  if (integration.lastSeenAt === null) return { mark: 'unknown', word: 'nothing yet' };
  if (nowMs - Date.parse(integration.lastSeenAt) > quietMs) return { mark: 'unknown', word: 'silent' };
  if (integration.lastError !== null && integration.lastError.at >= integration.lastSeenAt)
    return { mark: 'stale', word: 'last one refused' };
  return { mark: 'ok', word: 'receiving' };
}
