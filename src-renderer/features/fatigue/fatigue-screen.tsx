import { useState } from 'react';
import type { FatigueReport, FatigueRow } from '#server/contract/fatigue.ts';
import { AskedAge, AskedBody, Failure, useAsked, useCall } from '../../api/asked.tsx';
import { numberText, t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useCanRole, useMe, useTable } from '../../session.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { ScreenHead } from '../../ui/screen-head.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Select } from '../../ui/select.tsx';
import { placeOf } from '../../zone-time.ts';
import { ackWords, barWidth, reportWords, rowsOf, shareWords } from './fatigue-facts.ts';
import './fatigue.css';

type Days = '7' | '28' | '90' | '365';
const everyone = 'everyone';

/** Pages per person: how many, when they came, who had more than a fair share. */
export function FatigueScreen() {
  const cannot = useCanRole()('responder');
  const teams = useTable('team');
  const [days, setDays] = useState<Days>('28');
  const [team, setTeam] = useState(everyone);
  const question = { days: Number(days), teamId: team === everyone ? null : team };
  const asked = useAsked(['fatigue', question], (api) => api.fatigue.report.query(question), {
    keepLast: true,
    goodForMs: 60_000,
  });
  const csv = useCall((api, input: typeof question) => api.fatigue.csv.query(input));
  const download = async (): Promise<void> => {
    const text = await csv.run(question);
    if (text !== null) saveFile(`tocsin-fatigue-${days}-days.csv`, text, 'text/csv');
  };
  return (
    <div className="fatigue">
      <ScreenHead
        title={t`Fatigue`}
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
            { value: '90', label: t`90 days` },
            { value: '365', label: t`a year` },
          ]}
          value={days}
          onChange={setDays}
        />
        <div className="head-pick">
          <Select
            label={t`Team`}
            hideLabel
            options={[
              { value: everyone, label: t`Everybody` },
              ...[...teams.rows.values()]
                .toSorted((a, b) => a.name.localeCompare(b.name))
                .map(({ id, name }) => ({ value: id, label: name })),
            ]}
            value={team}
            onChange={setTeam}
          />
        </div>
        <Button unavailable={cannot} isDisabled={csv.busy} onPress={() => void download()}>
          {t`CSV`}
        </Button>
      </ScreenHead>
      {csv.failure === null ? null : <Failure what={t`The file was not made`} failure={csv.failure} />}
      <AskedBody asked={asked} what={t`The report could not be made`}>
        {(report) => <Report report={report} />}
      </AskedBody>
    </div>
  );
}

function Report({ report }: { report: FatigueReport }) {
  const rows = rowsOf(report);
  if (rows.length === 0)
    return (
      <Empty title={t`Nobody was paged in this time`}>
        {t`From ${report.from.slice(0, 10)} to ${report.to.slice(0, 10)}. Pages that shadow mode only wrote down count too.`}
      </Empty>
    );
  const most = Math.max(...rows.map(({ pages }) => pages));
  const weekMost = Math.max(1, ...rows.flatMap(({ perWeek }) => perWeek.map(({ pages }) => pages)));
  return (
    <>
      <p className="muted">{t`${reportWords(report)} ${report.from.slice(0, 10)} to ${report.to.slice(0, 10)}.`}</p>
      <div className="fatigue-scroll" tabIndex={0} role="region" aria-label={t`Pages per person`}>
        <table className="fatigue-table">
          <thead>
            <tr>
              <th scope="col">{t`Person`}</th>
              <th scope="col" className="wide">
                {t`Pages`}
              </th>
              <th scope="col" title={t`22:00 to 07:00 in the person’s own zone`}>
                {t`At night`}
              </th>
              <th scope="col" title={t`Nights, weekends, before 09:00 and after 18:00`}>
                {t`Out of hours`}
              </th>
              <th scope="col" title={t`Nights with a page between midnight and six`}>
                {t`Broken nights`}
              </th>
              <th scope="col" title={t`Acknowledged after more than five minutes, or never`}>
                {t`Late`}
              </th>
              <th scope="col">{t`Answers in`}</th>
              <th scope="col" title={t`Beside the even share of the people one shares teams with`}>
                {t`Fair share`}
              </th>
              <th scope="col">{t`Each week`}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.userId} row={row} most={most} weekMost={weekMost} />
            ))}
          </tbody>
        </table>
      </div>
      <p className="small-text faint">
        {t`Hours are those of each person’s own zone. The solid part of a bar is at night, the middle one out of hours.`}
      </p>
    </>
  );
}

function Row({ row, most, weekMost }: { row: FatigueRow; most: number; weekMost: number }) {
  const me = useMe();
  const early = Math.max(0, row.outOfHours - row.atNight);
  const rest = Math.max(0, row.pages - row.atNight - early);
  return (
    <tr>
      <th scope="row">
        <span className="row">
          <Avatar name={row.name} me={row.userId === me.id} />
          <span className="two-line">
            <a className="need-title medium" href={paths.person(row.userId)}>
              {row.userId === me.id ? t`${row.name} (you)` : row.name}
            </a>
            <span className="small-text faint fatigue-zone">{placeOf(row.timeZone)}</span>
          </span>
        </span>
      </th>
      <td className="wide">
        <span className="fatigue-bar-row">
          <span className="fatigue-bar" aria-hidden="true">
            <span className="night" style={{ width: `${barWidth(row.atNight, most)}%` }} />
            <span className="out" style={{ width: `${barWidth(early, most)}%` }} />
            <span className="day" style={{ width: `${barWidth(rest, most)}%` }} />
          </span>
          <b>{numberText(row.pages)}</b>
        </span>
      </td>
      <td>{numberText(row.atNight)}</td>
      <td>{numberText(row.outOfHours)}</td>
      <td>{numberText(row.brokenNights)}</td>
      <td className={row.late > 0 ? 'medium' : undefined}>{numberText(row.late)}</td>
      <td title={t`95% within ${ackWords(row.p95AckSeconds)}`}>{ackWords(row.medianAckSeconds)}</td>
      <td className={row.overShare >= 1 ? 'medium' : 'muted'}>{shareWords(row)}</td>
      <td>
        <span
          className="fatigue-weeks"
          role="img"
          aria-label={row.perWeek.map(({ week, pages }) => `${week}: ${pages}`).join(', ')}
        >
          {row.perWeek.slice(-13).map(({ week, pages }) => (
            <span key={week} style={{ height: `${barWidth(pages, weekMost)}%` }} title={`${week}: ${pages}`} />
          ))}
        </span>
      </td>
    </tr>
  );
}
