import type { DiagnosticsReport, DiskReport } from '#server/contract/diagnostics.ts';
import { AskedBody, type Asked } from '../../api/asked.tsx';
import { durationWords } from '../../time-format.ts';
import { useServerNow } from '../../time.ts';
import { Panel } from '../../ui/panel.tsx';
import { byteWords } from './byte-words.ts';
import { FactList } from './fact-list.tsx';

const diskWords = { ok: 'enough', low: 'low', full: 'full' } as const;

export function ServerPanel({ report }: { report: Asked<DiagnosticsReport> }) {
  return (
    <Panel
      title="Server"
      count={report.data === undefined ? undefined : `version ${report.data.server.version}`}
      label="Server"
    >
      <div className="panel-asked">
        <AskedBody asked={report} what="The server's report could not be had">
          {(data) => <Facts report={data} />}
        </AskedBody>
      </div>
    </Panel>
  );
}

function freeWords({ freeBytes, totalBytes }: DiskReport): string {
  if (freeBytes === null) return 'free space is not known';
  return totalBytes === null
    ? `${byteWords(freeBytes)} free`
    : `${byteWords(freeBytes)} of ${byteWords(totalBytes)} free`;
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
            name: 'Running',
            value: `for ${durationWords(up)}`,
            note: `${server.runtime}, ${byteWords(server.memoryBytes)} of memory`,
          },
          { name: 'Clients on the feed', value: server.connectedClients.toLocaleString('en') },
          {
            name: 'Accepted, not yet processed',
            value: processing.waitingRecords.toLocaleString('en'),
            note:
              processing.waitingRecords === 0
                ? null
                : `the oldest for ${durationWords(processing.oldestWaitingMs)}; ${processing.queuedRecords.toLocaleString('en')} on their way to disk`,
          },
          {
            name: 'Database',
            value: `${database.embedded ? 'its own PostgreSQL' : 'PostgreSQL'} ${database.version}`,
            note: `schema ${database.schemaVersion}, ${byteWords(database.sizeBytes)}`,
          },
          {
            name: 'One question to it',
            value: `${database.latencyMs} ms`,
            note: offsetMs > 1_000 ? `its clock is off by ${durationWords(offsetMs)}` : null,
          },
          {
            name: 'Disk',
            value: disk === null ? 'the database runs elsewhere' : diskWords[disk.state],
            note:
              disk === null
                ? null
                : `${freeWords(disk)}${disk.state === 'full' ? '; new alerts are refused until there is room' : ''}`,
          },
        ]}
      />
      {tables === null || tables.length === 0 ? null : (
        <details className="server-tables">
          <summary>Tables</summary>
          <ul className="row-counts" aria-label="Tables of the database, rows estimated">
            {tables.map((table) => (
              <li key={table.name}>
                <span className="mono">{table.name}</span>
                <b>
                  {Math.max(0, table.rows).toLocaleString('en')}{' '}
                  <span className="faint">{byteWords(table.sizeBytes)}</span>
                </b>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
