import { type ReactNode, useEffect, useRef } from 'react';
import type { Alert } from '#server/contract/alert.ts';
import type { Incident } from '#server/contract/incident.ts';
import type { Integration } from '#server/contract/integration.ts';
import type { Silence } from '#server/contract/silence.ts';
import { rich } from '../../language/rich.ts';
import { numberText, plural, t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useServerNow } from '../../time.ts';
import { durationWords } from '../../time-format.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { CommandKey } from '../../ui/command-key.tsx';
import { KeyValues } from '../../ui/key-values.tsx';
import { Mark } from '../../ui/mark.tsx';
import { SafeLink, safeHref } from '../../ui/safe-link.tsx';
import { Time } from '../../ui/time.tsx';
import { CopyLink } from '../links/copy-link.tsx';
import { shortIdOf } from '../links/short-id.ts';
import { AlertHistory } from './alert-history.tsx';

interface AlertPeekProps {
  alert: Alert;
  incident: Incident | undefined;
  integration: Integration | undefined;
  silence: Silence | undefined;
  nameOf: (userId: string | null) => string;
  /** Place among the rows, from 1; null when the filter does not show it. */
  place: { at: number; of: number } | null;
  cannot: { acknowledge: string | null; silence: string | null; resolve: string | null };
  onAcknowledge: () => void;
  onUnacknowledge: () => void;
  onSilence: () => void;
  onResolve: () => void;
  onReopen: () => void;
  onMove: (by: number) => void;
  onClose: () => void;
}

export function AlertPeek(props: AlertPeekProps) {
  const { alert, place, cannot } = props;
  const body = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (body.current !== null) body.current.scrollTop = 0;
  }, [alert.id]);
  return (
    <aside className="peek" aria-label={t`Alert ${alert.title}`}>
      <div className="peek-head">
        <span className="mono faint clip" title={t`Fingerprint ${alert.fingerprint}`}>
          {shortIdOf('alert', alert.id)}
        </span>
        <CopyLink entity="alert" id={alert.id} />
        <span className="grow" />
        {place === null ? null : (
          <span className="small-text faint nowrap">{t`${numberText(place.at)} of ${numberText(place.of)}`}</span>
        )}
        <Button look="ghost" compact aria-label={t`Previous alert`} onPress={() => props.onMove(-1)}>
          <CommandKey id="detail.previous" />
        </Button>
        <Button look="ghost" compact aria-label={t`Next alert`} onPress={() => props.onMove(1)}>
          <CommandKey id="detail.next" />
        </Button>
        <Button look="ghost" compact icon="close" aria-label={t`Close`} onPress={props.onClose} />
      </div>
      <div className="peek-body" ref={body} tabIndex={0} role="region" aria-label={t`Alert detail`}>
        <div className="peek-title">
          <Mark kind={alert.severity} size="large" />
          <h2>{alert.title}</h2>
        </div>
        <Lead {...props} />
        <div className="peek-actions">
          {alert.status === 'resolved' ? (
            <Button look="primary" unavailable={cannot.resolve} onPress={props.onReopen}>
              {t`Reopen`}
            </Button>
          ) : alert.acknowledged ? (
            <Button unavailable={cannot.acknowledge} onPress={props.onUnacknowledge}>
              {t`Take back the acknowledgement`}
            </Button>
          ) : (
            <Button look="primary" command="acknowledge" unavailable={cannot.acknowledge} onPress={props.onAcknowledge}>
              {t`Acknowledge`}
            </Button>
          )}
          <Button command="snooze" unavailable={cannot.silence} onPress={props.onSilence}>
            {t`Silence…`}
          </Button>
          {alert.status === 'firing' ? (
            <Button unavailable={cannot.resolve} onPress={props.onResolve}>
              {t`Resolve…`}
            </Button>
          ) : null}
          <LinkButton url={alert.runbookUrl} icon="book" label={t`Runbook`} />
          <LinkButton url={alert.sourceUrl} icon="external" label={t`Source`} />
        </div>
        <Suppression {...props} />
        <WhyGrouped {...props} />
        <a className="small-text peek-trace" href={paths.why({ alert: alert.id })}>
          {t`Decision trace: whom it paged, or why nobody`}
        </a>
        <Values title={t`Labels`} values={alert.labels} />
        <Values title={t`Annotations`} values={alert.annotations} links />
        <AlertHistory alert={alert} nameOf={props.nameOf} />
      </div>
    </aside>
  );
}

function Lead({ alert, incident, integration, nameOf }: AlertPeekProps) {
  const now = useServerNow();
  const summary = alert.annotations['summary'] ?? alert.annotations['description'] ?? null;
  const lasted = durationWords(
    Date.parse(alert.resolvedAt ?? new Date(now).toISOString()) - Date.parse(alert.firstSeenAt),
  );
  const service = <span className="mono">{alert.service}</span>;
  const state =
    alert.status === 'firing'
      ? alert.service === null
        ? t`Firing for ${lasted}`
        : rich`Firing for ${lasted} on ${service}`
      : alert.service === null
        ? t`Resolved after ${lasted}`
        : rich`Resolved after ${lasted} on ${service}`;
  const seen = t`seen ${plural(alert.count, { one: 'once', other: '# times' })}`;
  return (
    <p className="peek-lead">
      {summary === null ? null : <>{withStop(summary)} </>}
      {incident === undefined
        ? rich`${state}, ${seen}.`
        : rich`${state}, ${seen}, in ${<a href={paths.incident(incident.id)}>INC-{incident.number}</a>}.`}{' '}
      {t`From ${integration?.name ?? alert.source}.`}
      {alert.acknowledged && alert.acknowledgedAt !== null ? (
        <> {rich`Acknowledged by ${nameOf(alert.acknowledgedBy)} at ${<Time at={alert.acknowledgedAt} zone />}.`}</>
      ) : null}
      {alert.flapping ? ` ${t`It flaps: it went between firing and resolved again and again.`}` : null}
    </p>
  );
}

function Suppression({ alert, silence, nameOf }: AlertPeekProps) {
  if (!alert.suppressed) return null;
  const by = <b>{silence === undefined ? null : nameOf(silence.createdBy)}</b>;
  const until = <b>{silence === undefined ? null : <Time at={silence.endsAt} zone />}</b>;
  return (
    <div className="peek-suppressed">
      <Icon name="alerts" small />
      {silence === undefined ? (
        <span>{t`Suppressed by a silence that is not kept on this machine.`}</span>
      ) : (
        <span>
          {silence.kind === 'maintenance'
            ? rich`Suppressed by a maintenance window of ${by} until ${until}: ${withStop(silence.reason)}`
            : rich`Suppressed by a silence of ${by} until ${until}: ${withStop(silence.reason)}`}{' '}
          {t`If it still fires then, it surfaces.`}
        </span>
      )}
    </div>
  );
}

function WhyGrouped({ alert, incident }: AlertPeekProps) {
  if (alert.groupReason === null && incident === undefined) return null;
  return (
    <>
      <h3>{t`Why grouped`}</h3>
      <p className="peek-note">
        {withStop(alert.groupReason ?? t`No reason was recorded`)}{' '}
        {incident === undefined ? null : <Inside {...incident} />}
      </p>
    </>
  );
}

function Inside({ id, number, title, alertCount, firingAlertCount }: Incident) {
  const link = (
    <a href={paths.incident(id)}>
      INC-{number} {title}
    </a>
  );
  return alertCount === 1
    ? rich`${link} has this alert only.`
    : rich`${link} has ${alertCount} alerts, ${firingAlertCount} firing.`;
}

function Values({
  title,
  values,
  links = false,
}: {
  title: string;
  values: Readonly<Record<string, string>>;
  links?: boolean;
}) {
  const entries = Object.entries(values);
  if (entries.length === 0) return null;
  return (
    <>
      <h3>
        {title} <span className="count">{entries.length}</span>
      </h3>
      <KeyValues entries={links ? linked(entries) : entries} />
    </>
  );
}

function linked(entries: readonly (readonly [string, string])[]): [string, ReactNode][] {
  return entries.map(([name, value]) => [
    name,
    <SafeLink key={name} url={value}>
      {value}
    </SafeLink>,
  ]);
}

function LinkButton({ url, icon, label }: { url: string | null; icon: 'book' | 'external'; label: string }) {
  const href = safeHref(url);
  if (href === null) return null;
  return (
    <a className="button" href={href} target="_blank" rel="noreferrer noopener">
      <Icon name={icon} small />
      {label}
    </a>
  );
}

function withStop(text: string): string {
  return /[.!?…]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`;
}
