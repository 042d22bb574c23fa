import type { DiagnosticsReport, DiskReport } from '#server/contract/diagnostics.ts';
import { AskedBody, type Asked } from '../../api/asked.tsx';
import { numberText, t } from '../../language/words.ts';
import { durationWords } from '../../time-format.ts';
import { useServerNow } from '../../time.ts';
import { Panel } from '../../ui/panel.tsx';
import { byteWords } from './byte-words.ts';
import { FactList } from './fact-list.tsx';

const diskWords = { ok: t`enough`, low: t`low`, full: t`full` } as const;

export function ServerPanel({ report }: { report: Asked<DiagnosticsReport> }) {
  return (
    <Panel
      title={t`Server`}
      count={report.data === undefined ? undefined : t`version ${report.data.server.version}`}
      label={t`Server`}
    >
      <div className="panel-asked">
        <AskedBody asked={report} what={t`The server's report could not be had`}>
          {(data) => <Facts report={data} />}
        </AskedBody>
      </div>
    </Panel>
  );
}

function freeWords({ freeBytes, totalBytes }: DiskReport): string {
  if (freeBytes === null) return t`free space is not known`;
  return totalBytes === null
    ? t`${byteWords(freeBytes)} free`
    : t`${byteWords(freeBytes)} of ${byteWords(totalBytes)} free`;
}

function Facts({ report }: { report: DiagnosticsReport }) {
  const { server, database, processing, disk, clock, tables } = report;
  const offsetMs = Math.abs(clock.databaseOffsetMs ?? 0);
  const up = useServerNow() - Date.parse(server.startedAt);
  return (
    <>
      <FactList
        facts={[
          {
            name: t`Running`,
            value: t`for ${durationWords(up)}`,
            note: t`${server.runtime}, ${byteWords(server.memoryBytes)} of memory`,
          },
          { name: t`Clients on the feed`, value: numberText(server.connectedClients) },
          {
            name: t`Accepted, not yet processed`,
            value: numberText(processing.waitingRecords),
            note:
              processing.waitingRecords === 0
                ? null
                : t`the oldest for ${durationWords(processing.oldestWaitingMs)}; ${numberText(processing.queuedRecords)} on their way to disk`,
          },
          {
            name: t`Database`,
            value: database.embedded ? t`its own PostgreSQL ${database.version}` : `PostgreSQL ${database.version}`,
            note: t`schema ${database.schemaVersion}, ${byteWords(database.sizeBytes)}`,
          },
          {
            name: t`One question to it`,
            value: t`${database.latencyMs} ms`,
            note: offsetMs > 1_000 ? t`its clock is off by ${durationWords(offsetMs)}` : null,
          },
          {
            name: t`Disk`,
            value: disk === null ? t`the database runs elsewhere` : diskWords[disk.state],
            note:
              disk === null
                ? null
                : disk.state === 'full'
                  ? t`${freeWords(disk)}; new alerts are refused until there is room`
                  : freeWords(disk),
          },
        ]}
      />
      {tables === null || tables.length === 0 ? null : (
        <details className="server-tables">
          <summary>{t`Tables`}</summary>
          <ul className="row-counts" aria-label={t`Tables of the database, rows estimated`}>
            {tables.map((table) => (
              <li key={table.name}>
                <span className="mono">{table.name}</span>
                <b>
                  {numberText(Math.max(0, table.rows))} <span className="faint">{byteWords(table.sizeBytes)}</span>
                </b>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
