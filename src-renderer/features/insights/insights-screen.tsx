import { type ReactNode, useMemo, useState } from 'react';
import type { InsightsReport } from '#server/contract/insights.ts';
import { AskedAge, AskedBody, Failure, useAsked, useCall } from '../../api/asked.tsx';
import { useTable } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { useBlind } from '../../ui/chart/blind.ts';
import { Chart } from '../../ui/chart/chart.tsx';
import type { ChartTable } from '../../ui/chart/chart-table.tsx';
import type { ChartLook } from '../../ui/chart/look.ts';
import type { ChartOption } from '../../ui/chart/option.ts';
import { saveFile } from '../../ui/save-file.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { Select } from '../../ui/select.tsx';
import {
  everyWords,
  noiseOption,
  noiseShare,
  noiseTable,
  noiseWords,
  severityOption,
  severityTable,
  severityWords,
  shareWords,
  timesOption,
  timesTable,
  timesWords,
} from './insight-options.ts';
import './insights.css';

type Days = '7' | '28' | '91' | '364';
const everything = 'everything';
const height = 180;
/** The right one holds the names of the lines. */
const insets = { left: 48, right: 32, top: 10, bottom: 22 };

/** How it went: incidents by severity, how much was noise, how fast people answered and ended things. */
export function InsightsScreen() {
  const teams = useTable('team');
  const [days, setDays] = useState<Days>('28');
  const [service, setService] = useState(everything);
  const [team, setTeam] = useState(everything);
  const question = {
    days: Number(days),
    service: service === everything ? null : service,
    teamId: team === everything ? null : team,
  };
  const asked = useAsked(['insights', question], (api) => api.insights.report.query(question), {
    keepLast: true,
    goodForMs: 60_000,
  });
  const csv = useCall((api, input: typeof question) => api.insights.csv.query(input));
  const download = async (): Promise<void> => {
    const text = await csv.run(question);
    if (text !== null) saveFile(`tocsin-insights-${days}-days.csv`, text, 'text/csv');
  };
  const services = asked.data?.services ?? [];
  const named = service === everything || services.includes(service) ? services : [service, ...services];
  return (
    <div className="insights">
      <header className="insights-head row wrap">
        <h1 className="title">Insights</h1>
        <AskedAge asked={asked} />
        <span className="grow" />
        <Segmented
          label="Days"
          options={[
            { value: '7', label: '7 days' },
            { value: '28', label: '28' },
            { value: '91', label: '13 weeks' },
            { value: '364', label: 'a year' },
          ]}
          value={days}
          onChange={setDays}
        />
        <div className="insights-pick">
          <Select
            label="Service"
            hideLabel
            options={[
              { value: everything, label: 'Every service' },
              ...named.map((name) => ({ value: name, label: name })),
            ]}
            value={service}
            onChange={setService}
          />
        </div>
        <div className="insights-pick">
          <Select
            label="Team paged"
            hideLabel
            options={[
              { value: everything, label: 'Every team' },
              ...[...teams.rows.values()]
                .toSorted((a, b) => a.name.localeCompare(b.name))
                .map(({ id, name }) => ({ value: id, label: name })),
            ]}
            value={team}
            onChange={setTeam}
          />
        </div>
        <Button isDisabled={csv.busy} onPress={() => void download()}>
          CSV
        </Button>
      </header>
      {csv.failure === null ? null : <Failure what="The file was not made" failure={csv.failure} />}
      <AskedBody asked={asked} what="The report could not be made">
        {(report) => <Report report={report} />}
      </AskedBody>
    </div>
  );
}

function Report({ report }: { report: InsightsReport }) {
  const { whole } = report;
  return (
    <>
      <div className="insights-grid">
        <Picture
          report={report}
          title="Incidents by severity"
          summary={severityWords(report)}
          option={severityOption}
          table={severityTable}
        />
        <Picture report={report} title="Noise" summary={noiseWords(report)} option={noiseOption} table={noiseTable} />
        <Picture
          report={report}
          title="Time to acknowledge"
          summary={timesWords(whole.acknowledge, 'acknowledged')}
          option={(each, look) => timesOption(each, 'acknowledge', look)}
          table={(each) => timesTable(each, 'acknowledge')}
        />
        <Picture
          report={report}
          title="Time to resolve"
          summary={timesWords(whole.resolve, 'resolved')}
          option={(each, look) => timesOption(each, 'resolve', look)}
          table={(each) => timesTable(each, 'resolve')}
        />
      </div>
      <Noisiest report={report} />
      <p className="small-text faint">
        Each bar or point is {everyWords(report)}, from midnight UTC; the last one is not over. Incidents stand where
        they began, with the severity they have now.
      </p>
    </>
  );
}

function Picture({
  report,
  title,
  summary,
  option,
  table,
}: {
  report: InsightsReport;
  title: ReactNode;
  summary: string;
  option: (report: InsightsReport, look: ChartLook) => ChartOption;
  table: (report: InsightsReport) => ChartTable;
}) {
  // The functions are as good as constants: which picture this is never changes.
  // oxlint-disable-next-line react/exhaustive-deps
  const make = useMemo(() => (look: ChartLook) => option(report, look), [report]);
  const blind = useBlind(Date.parse(report.from), Date.parse(report.to));
  return (
    <section className="panel insights-panel">
      <Chart
        title={title}
        summary={summary}
        option={make}
        table={() => table(report)}
        height={height}
        insets={insets}
        blind={blind}
      />
    </section>
  );
}

function Noisiest({ report }: { report: InsightsReport }) {
  if (report.noisiest.length === 0) return null;
  return (
    <section className="insights-noisiest" aria-label="Services with the most noise">
      <div className="section-head">
        <h2>Most noise</h2>
        <span className="count">{report.noisiest.length}</span>
      </div>
      <div className="chart-table" tabIndex={0} role="region" aria-label="Alerts of each service">
        <table>
          <thead>
            <tr>
              {['Service', 'Noise', 'Share', 'Answered', 'Silenced', 'Open'].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {report.noisiest.map(({ service, alerts }) => (
              <tr key={service ?? ''}>
                <th scope="row" className={service === null ? 'faint' : 'mono'}>
                  {service ?? 'no service'}
                </th>
                <td>{alerts.noise.toLocaleString('en')}</td>
                <td>{shareWords(noiseShare(alerts))}</td>
                <td>{alerts.answered.toLocaleString('en')}</td>
                <td>{alerts.silenced.toLocaleString('en')}</td>
                <td>{alerts.open.toLocaleString('en')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
