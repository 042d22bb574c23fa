import { useMemo, useState } from 'react';
import { AskedAge, AskedBody, Failure, useAsked, useCall } from '../../api/asked.tsx';
import type { ApiClient } from '../../api/client.ts';
import { numberText, t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useNameOf } from '../../session.tsx';
import { deviceNow } from '../../time.ts';
import { durationWords } from '../../time-format.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { Time } from '../../ui/time.tsx';
import { useWatchdog } from '../paging/center-notices.tsx';
import { ModeSwitch } from '../settings/mode-switch.tsx';

type ShadowReport = Awaited<ReturnType<ApiClient['shadow']['report']['query']>>;
type Days = '1' | '7' | '30';
const dayMs = 86_400_000;

/** Beside the old pager on the same alerts: every minute in which "who is paged" differs. */
export function ShadowPanel() {
  const watchdog = useWatchdog();
  const [days, setDays] = useState<Days>('7');
  const [asOf, setAsOf] = useState(deviceNow);
  const span = useMemo(
    () => ({
      from: new Date(asOf - Number(days) * dayMs).toISOString(),
      to: new Date(asOf).toISOString(),
    }),
    [asOf, days],
  );
  const asked = useAsked(['shadow', span], (api) => api.shadow.report.query(span), {
    keepLast: true,
    goodForMs: 60_000,
  });
  const csv = useCall((api, input: typeof span) => api.shadow.reportCsv.query(input));
  const download = async (): Promise<void> => {
    const text = await csv.run(span);
    if (text !== null) saveFile(`tocsin-shadow-${days}-days.csv`, text, 'text/csv');
  };
  return (
    <section aria-label={t`Shadow mode`} className="stack as-code-section">
      <p className="muted">
        {t`In shadow mode everything is decided and written down, and nothing is sent. Point your alert sources at both pagers, send the old one’s pages here, and compare before you switch.`}
      </p>
      <ModeSwitch now={watchdog.data ?? null} onChanged={watchdog.again} />
      <div className="row wrap as-code-report-head">
        <h2>{t`Minutes that differ`}</h2>
        <AskedAge asked={{ ...asked, again: () => setAsOf(deviceNow()) }} />
        <span className="grow" />
        <Segmented
          label={t`Days`}
          options={[
            { value: '1', label: t`1 day` },
            { value: '7', label: '7' },
            { value: '30', label: t`30 days` },
          ]}
          value={days}
          onChange={setDays}
        />
        <Button isDisabled={csv.busy} onPress={() => void download()}>
          {t`CSV`}
        </Button>
      </div>
      {csv.failure === null ? null : <Failure what={t`The file was not made`} failure={csv.failure} />}
      <AskedBody asked={asked} what={t`The two pagers could not be compared`}>
        {(report) => <Report report={report} />}
      </AskedBody>
    </section>
  );
}

function Report({ report }: { report: ShadowReport }) {
  if (report.minutes === 0)
    return (
      <Empty title={t`Neither pager paged anybody in this time`}>
        {t`Pages of the other one come in over POST /api/v1/shadow/pages; docs/migrate.md names the shapes.`}
      </Empty>
    );
  const share = (100 * report.differing) / report.minutes;
  return (
    <>
      <p>
        <b className="medium">{t`${numberText(report.differing)} of ${numberText(report.minutes)} minutes differ`}</b>{' '}
        <span className="muted">
          {t`(${share.toFixed(share < 1 && share > 0 ? 2 : 0)} % of those in which anybody was paged).`}
        </span>
        {report.cut ? <span> {t`There are more pages than one report compares: take fewer days.`}</span> : null}
      </p>
      {report.differences.length === 0 ? null : (
        <div className="fatigue-scroll" tabIndex={0} role="region" aria-label={t`Minutes that differ`}>
          <table className="shadow-table">
            <thead>
              <tr>
                <th scope="col">{t`When`}</th>
                <th scope="col">{t`For`}</th>
                <th scope="col">{t`Here`}</th>
                <th scope="col">{t`There`}</th>
              </tr>
            </thead>
            <tbody>
              {report.differences.slice(0, 300).map((difference) => (
                <Difference key={`${difference.from} ${difference.to}`} difference={difference} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {report.differences.length > 300 ? (
        <p className="small-text muted">
          {t`The first 300 of ${numberText(report.differences.length)}; the CSV has all.`}
        </p>
      ) : null}
    </>
  );
}

function Difference({ difference }: { difference: ShadowReport['differences'][number] }) {
  const nameOf = useNameOf();
  const { from, to, here, there } = difference;
  return (
    <tr>
      <td className="nowrap">
        {from.slice(0, 10)} <Time at={from} zone />
      </td>
      <td className="nowrap">{durationWords(Date.parse(to) - Date.parse(from))}</td>
      <td data-label={t`Here:`}>
        {here.length === 0
          ? t`nobody`
          : [...Map.groupBy(here, ({ name }) => name)].map(([name, pages], index) => (
              <span key={name}>
                {index === 0 ? '' : ', '}
                {name}
                {pages.map(({ pageId, number }) => (
                  <a key={pageId} className="mono shadow-page" href={paths.page(pageId)}>
                    P-{number}
                  </a>
                ))}
              </span>
            ))}
      </td>
      <td data-label={t`There:`}>
        {there.length === 0
          ? t`nobody`
          : there.map((one) => (one.userId === null ? t`${one.person} (unknown here)` : nameOf(one.userId))).join(', ')}
        {there.length === 0 ? null : <span className="small-text faint"> {there[0]?.about}</span>}
      </td>
    </tr>
  );
}
