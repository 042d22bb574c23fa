import { useEffect, useMemo, useState } from 'react';
import type { Integration } from '#server/contract/integration.ts';
import { rich } from '../../language/rich.ts';
import { numberText, t } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import type { ScreenProps } from '../../screen-props.ts';
import { useCanRole, useFreshness, useReplica, useSession, useTable } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Freshness } from '../../ui/freshness.tsx';
import { Mark, type MarkKind } from '../../ui/mark.tsx';
import { ScreenHead } from '../../ui/screen-head.tsx';
import { Split } from '../../ui/split.tsx';
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
      {t`Add integration`}
    </Button>
  );

  return (
    <>
      <Split
        name="integration"
        label={t`Width of the integration`}
        sized="end"
        size={480}
        share={0.28}
        least={{ start: 400, end: 400 }}
        stackAt={1180}
        alone="end"
        start={
          <div className="integrations-main">
            <ScreenHead
              title={t`Integrations`}
              beside={
                <>
                  <span className="small-text faint">
                    {list.length === 0 ? '' : t`${list.length} that may send to this server`}
                  </span>
                  <span className="small-text muted">
                    <Freshness value={fresh} bare />
                  </span>
                </>
              }
            >
              {list.length === 0 ? null : add}
            </ScreenHead>
            {list.length === 0 && ready ? (
              <Empty title={t`Nothing may send to this server yet`} actions={add}>
                {t`Each integration has a key of its own. Choose what sends, and its configuration is made ready to copy.`}
              </Empty>
            ) : null}
            {list.length > 0 ? (
              <>
                <div className="integration-row head" aria-hidden="true">
                  <span />
                  <span>{t`Name`}</span>
                  <span>{t`Last seen`}</span>
                  <span className="number">{t`Accepted`}</span>
                  <span className="number">{t`Refused`}</span>
                  <span className="integration-state">{t`State`}</span>
                </div>
                <ul aria-label={t`Integrations`}>
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
                {rich`Refused posts were answered with their reason and never taken. Posts that were taken but could not be processed are put aside: ${<a href={paths.diagnostics()}>{t`dead letters, under Diagnostics`}</a>}.`}
              </p>
            ) : null}
          </div>
        }
        end={current === undefined ? null : <IntegrationDetail key={current.id} integration={current} />}
      />
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
    </>
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
        {integration.lastSeenAt === null ? t`never` : <Ago at={integration.lastSeenAt} />}
      </span>
      <span className="number">{numberText(integration.acceptedCount)}</span>
      <span className={integration.errorCount === 0 ? 'number faint' : 'number'}>
        {numberText(integration.errorCount)}
      </span>
      <span className="small-text muted integration-state">{state.word}</span>
    </a>
  );
}

const quietMs = 24 * 3_600_000;

/** Unknown never looks healthy: one that never sent, or fell silent, is a ring and not a tick. */
export function stateOf(integration: Integration, nowMs: number): { mark: MarkKind; word: string } {
  if (!integration.enabled) return { mark: 'unknown', word: t`switched off` };
  if (integration.lastSeenAt === null) return { mark: 'unknown', word: t`nothing yet` };
  if (nowMs - Date.parse(integration.lastSeenAt) > quietMs) return { mark: 'unknown', word: t`silent` };
  if (integration.lastError !== null && integration.lastError.at >= integration.lastSeenAt)
    return { mark: 'stale', word: t`last one refused` };
  return { mark: 'ok', word: t`receiving` };
}
