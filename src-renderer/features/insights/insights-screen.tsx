import { useMemo, useState } from 'react';
import type { InsightsReport } from '#server/contract/insights.ts';
import { severities } from '#server/contract/severity.ts';
import { AskedAge, AskedBody, Failure, useAsked, useCall } from '../../api/asked.tsx';
import { numberText, t } from '../../language/words.ts';
import { useTable } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { useBlind } from '../../ui/chart/blind.ts';
import { Chart } from '../../ui/chart/chart.tsx';
import type { ChartTable } from '../../ui/chart/chart-table.tsx';
import type { ChartLook } from '../../ui/chart/look.ts';
import type { ChartOption } from '../../ui/chart/option.ts';
import { Empty } from '../../ui/empty.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { ScreenHead } from '../../ui/screen-head.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Select } from '../../ui/select.tsx';
import { useMedia } from '../../ui/use-media.ts';
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
const barInsets = { left: 48, right: 16, top: 10, bottom: 22 };
/** The right one holds the names of the lines. */
const lineInsets = { ...barInsets, right: 64 };

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
      <ScreenHead
        title={t`Insights`}
        beside={
          <>
            <AskedAge asked={asked} />
          </>
        }
      >
        <Segmented
          label={t`Days`}
          options={[
            { value: '7', label: t`7 days` },
            { value: '28', label: t`28 days` },
            { value: '91', label: t`13 weeks` },
            { value: '364', label: t`a year` },
          ]}
          value={days}
          onChange={setDays}
        />
        <div className="head-pick">
          <Select
            label={t`Service`}
            hideLabel
            options={[
              { value: everything, label: t`Every service` },
              ...named.map((name) => ({ value: name, label: name })),
            ]}
            value={service}
            onChange={setService}
          />
        </div>
        <div className="head-pick">
          <Select
            label={t`Team paged`}
            hideLabel
            options={[
              { value: everything, label: t`Every team` },
              ...[...teams.rows.values()]
                .toSorted((a, b) => a.name.localeCompare(b.name))
                .map(({ id, name }) => ({ value: id, label: name })),
            ]}
            value={team}
            onChange={setTeam}
          />
        </div>
        <Button isDisabled={csv.busy} onPress={() => void download()}>
          {t`CSV`}
        </Button>
      </ScreenHead>
      {csv.failure === null ? null : <Failure what={t`The file was not made`} failure={csv.failure} />}
      <AskedBody asked={asked} what={t`The report could not be made`}>
        {(report) => <Report report={report} elsewhere={elsewhereWords(question)} />}
      </AskedBody>
    </div>
  );
}

/** `elsewhere`: where to look when there is nothing. */
function Report({ report, elsewhere }: { report: InsightsReport; elsewhere: string }) {
  const { whole } = report;
  const began = severities.some((severity) => whole[severity] > 0);
  const judged = noiseShare(whole.alerts) !== null;
  return (
    <>
      <div className="insights-grid">
        <Picture
          report={report}
          title={t`Incidents by severity`}
          summary={severityWords(report)}
          option={severityOption}
          table={severityTable}
          empty={
            began
              ? null
              : `${t`Each incident stands here on the day it began, whether alerts opened it or somebody declared it.`} ${elsewhere}`
          }
        />
        <Picture
          report={report}
          title={t`Noise`}
          summary={noiseWords(report)}
          option={noiseOption}
          table={noiseTable}
          empty={
            judged
              ? null
              : `${t`An alert counts here once somebody has acknowledged it or its incident, or once it is over without that.`} ${elsewhere}`
          }
        />
        <Picture
          report={report}
          title={t`Time to acknowledge`}
          summary={timesWords(whole.acknowledge, 'acknowledged')}
          option={(each, look) => timesOption(each, 'acknowledge', look)}
          table={(each) => timesTable(each, 'acknowledge')}
          empty={
            whole.acknowledge.count > 0
              ? null
              : `${t`The times from the start of an incident to its acknowledgement stand here, from the first one on.`} ${elsewhere}`
          }
          insets={lineInsets}
        />
        <Picture
          report={report}
          title={t`Time to resolve`}
          summary={timesWords(whole.resolve, 'resolved')}
          option={(each, look) => timesOption(each, 'resolve', look)}
          table={(each) => timesTable(each, 'resolve')}
          empty={
            whole.resolve.count > 0
              ? null
              : `${t`The times from the start of an incident to its end stand here, from the first one that is resolved.`} ${elsewhere}`
          }
          insets={lineInsets}
        />
      </div>
      <Noisiest report={report} />
      <p className="small-text faint">
        {t`Each bar or point is ${everyWords(report)}, from midnight UTC; the last one is not over. Incidents stand where they began, with the severity they have now.`}
      </p>
    </>
  );
}

function elsewhereWords({
  days,
  service,
  teamId,
}: {
  days: number;
  service: string | null;
  teamId: string | null;
}): string {
  if (service !== null || teamId !== null) return t`Every service and every team, above, may have some.`;
  return days < 364 ? t`A longer time, above, may have some.` : '';
}

function Picture({
  report,
  title,
  summary,
  option,
  table,
  empty,
  insets = barInsets,
}: {
  report: InsightsReport;
  title: string;
  summary: string;
  option: (report: InsightsReport, look: ChartLook) => ChartOption;
  table: (report: InsightsReport) => ChartTable;
  /** What would fill it, where there is nothing in it; null where there is. */
  empty: string | null;
  insets?: typeof barInsets;
}) {
  // The functions are as good as constants: which picture this is never changes.
  // oxlint-disable-next-line react/exhaustive-deps
  const make = useMemo(() => (look: ChartLook) => option(report, look), [report]);
  // On a tall window the pictures use its height.
  const tall = useMedia('(min-height: 1000px)');
  const taller = useMedia('(min-height: 1500px)');
  const height = taller ? 420 : tall ? 280 : 180;
  const blind = useBlind(Date.parse(report.from), Date.parse(report.to));
  if (empty !== null)
    return (
      <section className="panel insights-panel" aria-label={title}>
        <h2>{title}</h2>
        <Empty title={summary}>{empty}</Empty>
      </section>
    );
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
    <section className="insights-noisiest" aria-label={t`Services with the most noise`}>
      <div className="section-head">
        <h2>{t`Most noise`}</h2>
        <span className="count">{report.noisiest.length}</span>
      </div>
      <div className="chart-table" tabIndex={0} role="region" aria-label={t`Alerts of each service`}>
        <table>
          <thead>
            <tr>
              {[t`Service`, t`Noise`, t`Share`, t`Answered`, t`Silenced`, t`Open`].map((name) => (
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
                  {service ?? t`no service`}
                </th>
                <td>{numberText(alerts.noise)}</td>
                <td>{shareWords(noiseShare(alerts))}</td>
                <td>{numberText(alerts.answered)}</td>
                <td>{numberText(alerts.silenced)}</td>
                <td>{numberText(alerts.open)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
