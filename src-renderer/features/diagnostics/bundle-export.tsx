import { useState } from 'react';
import { entityNames } from '#server/contract/replica.ts';
import type { DiagnosticsReport } from '#server/contract/diagnostics.ts';
import { t } from '../../language/words.ts';
import { useFreshness, useMe, useReplica, useSession } from '../../session.tsx';
import { deviceNow, useServerOffset } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { redact } from './redact.ts';

/** A file for whoever helps: figures and states, shown before it is saved. */
export function BundleExport({ report }: { report: DiagnosticsReport | undefined }) {
  const { serverUrl } = useSession();
  const me = useMe();
  const fresh = useFreshness();
  const { connection, tables, outbox, kept } = useReplica((state) => state);
  const offsetMs = useServerOffset((state) => state.offsetMs);
  const [text, setText] = useState<string | null>(null);

  const collect = (): string =>
    JSON.stringify(
      redact({
        madeAt: new Date(deviceNow()).toISOString(),
        client: { serverUrl, userAgent: navigator.userAgent, desktop: window.tocsin !== undefined, role: me.role },
        connection: { ...connection, freshness: fresh.state, clockOffsetMs: offsetMs },
        copy: { kept, rows: Object.fromEntries(entityNames.map((entity) => [entity, tables[entity].rows.size])) },
        outbox: outbox.map((item) => ({
          kind: item.intent.action.kind,
          state: item.state,
          attempts: item.attempts,
          madeAt: new Date(item.madeAt).toISOString(),
        })),
        server: report === undefined ? null : { ...report, tables: tableFigures(report) },
      }),
      null,
      2,
    );

  return (
    <>
      <Button icon="external" onPress={() => setText(collect())}>
        {t`Export…`}
      </Button>
      <Dialog
        title={t`Export diagnostics`}
        open={text !== null}
        wide
        onClose={() => setText(null)}
        foot={
          <>
            <Button onPress={() => setText(null)}>{t`Cancel`}</Button>
            <Button
              look="primary"
              onPress={() => {
                if (text !== null) download(text);
                setText(null);
              }}
            >
              {t`Save the file`}
            </Button>
          </>
        }
      >
        <p className="muted">
          {t`This is all that is in it: figures and states. Names, texts, keys and what sources sent are left out.`}
        </p>
        <pre className="bundle" tabIndex={0} aria-label={t`What the file holds`}>
          {text}
        </pre>
      </Dialog>
    </>
  );
}

/** By name, so that the names of tables are not taken for names of people. */
function tableFigures({ tables }: DiagnosticsReport) {
  return tables === null
    ? null
    : Object.fromEntries(tables.map(({ name, rows, sizeBytes }) => [name, { rows, sizeBytes }]));
}

function download(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `tocsin-diagnostics-${new Date(deviceNow()).toISOString().slice(0, 19).replaceAll(':', '')}.json`;
  link.click();
  URL.revokeObjectURL(url);
}
