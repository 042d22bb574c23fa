import type { Incident } from '#server/contract/incident.ts';
import { paths } from '../../paths.ts';
import { useCan, useFreshness, useMe, useNameOf, useOfIncident, useQueued, useSubmit } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { clockTime, duration } from '../../time-format.ts';
import { Button } from '../../ui/button.tsx';
import { Chip, Flag, Queued } from '../../ui/chip.tsx';
import { Freshness } from '../../ui/freshness.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Mark } from '../../ui/mark.tsx';
import { Menu, type MenuAction } from '../../ui/menu.tsx';
import { Elapsed, Time } from '../../ui/time.tsx';
import { useCopyLink } from '../links/copy-link.tsx';
import { asksSummary } from '../console/console-facts.ts';
import { codeOf, commanderOf, isOpen, severityOptions, statusWord, updateDue } from './incident-facts.ts';
import { menuCommands, useIncidentCommands } from './incident-commands.ts';
import type { RoomDialog } from './room-dialogs.tsx';
import { useEscalate } from './use-escalate.ts';
import { usePin } from './use-pin.ts';

interface FactStripProps {
  incident: Incident;
  onDialog: (dialog: RoomDialog) => void;
  severityOpen: boolean;
  /** Opened from a page: the answer has the focus. */
  answering: boolean;
  onSeverityOpen: (open: boolean) => void;
}

/** Never scrolls away: severity, title, status, elapsed, impact, commander, next update, asks, freshness. */
export function FactStrip({ incident, onDialog, severityOpen, answering, onSeverityOpen }: FactStripProps) {
  const me = useMe();
  const can = useCan();
  const submit = useSubmit();
  const queued = useQueued('incident', incident.id);
  const { state, dataAt } = useFreshness();
  const known = state === 'live' || state === 'lagging';
  const incidentId = incident.id;
  const bridge = incident.links.find((link) => link.kind === 'bridge');
  const asOf = known || dataAt === null ? '' : ` at ${clockTime(dataAt)}`;

  const pin = usePin(incidentId);
  const copyLink = useCopyLink();
  const statusActions: MenuAction[] = [
    {
      id: 'acknowledge',
      label: 'Acknowledge',
      command: 'acknowledge',
      unavailable: can('incident.acknowledge', incident),
      run: () => void submit({ kind: 'incident.acknowledge', incidentId }),
    },
    {
      id: 'mitigate',
      label: 'Mitigated',
      unavailable: can('incident.mitigate', incident),
      run: () => void submit({ kind: 'incident.mitigate', incidentId }),
    },
    {
      id: 'resolve',
      label: 'Resolve…',
      command: 'resolve',
      unavailable: can('incident.resolve', incident),
      run: () => onDialog({ kind: 'resolve' }),
    },
    {
      id: 'reopen',
      label: 'Reopen',
      unavailable: can('incident.reopen', incident),
      run: () => void submit({ kind: 'incident.reopen', incidentId }),
    },
  ];
  const more: MenuAction[] = [
    {
      id: 'title',
      label: 'Rename…',
      icon: 'edit',
      unavailable: can('incident.set-title', incident),
      run: () => onDialog({ kind: 'title' }),
    },
    {
      id: 'impact',
      label: 'State the impact…',
      icon: 'edit',
      unavailable: can('incident.set-impact', incident),
      run: () => onDialog({ kind: 'impact' }),
    },
    {
      id: 'merge',
      label: 'Merge into another…',
      icon: 'group',
      unavailable: can('incident.merge', incident),
      run: () => onDialog({ kind: 'merge' }),
    },
    {
      id: 'restrict',
      label: 'Restrict to teams…',
      icon: 'refused',
      unavailable: can('incident.restrict', incident),
      run: () => onDialog({ kind: 'restrict' }),
    },
    {
      id: 'pin',
      label: pin.label === 'pin' ? 'Pin to the rail' : 'Take down from the rail',
      icon: 'pin',
      // In the palette it is there of itself.
      command: pin.id,
      unavailable: pin.unavailable ?? null,
      run: pin.run,
    },
    {
      id: 'link',
      label: `Copy the link of ${codeOf(incident)}`,
      icon: 'copy',
      run: () => copyLink(codeOf(incident)),
    },
    {
      id: 'review',
      label: 'Review and Markdown',
      icon: 'review',
      run: () => window.location.assign(paths.postmortem(incidentId)),
    },
  ];
  useIncidentCommands(incident, [pin, ...menuCommands([...statusActions, ...more])]);
  return (
    <header className="facts">
      <div className="facts-top">
        <Mark kind={incident.severity} size="large" />
        <h1 className="title clip">{incident.title}</h1>
        <span className="mono faint nowrap">{codeOf(incident)}</span>
        <Button
          look="ghost"
          compact
          icon="copy"
          aria-label={`Copy the link of ${codeOf(incident)}`}
          onPress={() => copyLink(codeOf(incident))}
        />
        <Menu
          label="Status"
          trigger={
            <Button compact>
              {statusWord(incident)}
              {asOf}
              <Icon name="chevron-down" small />
            </Button>
          }
          actions={statusActions}
        />
        {queued ? <Queued /> : null}
        {incident.restrictedTo === null ? null : <Chip icon="refused">restricted</Chip>}
        <span className="grow" />
        {bridge === undefined ? null : (
          <a className="button" href={bridge.url} target="_blank" rel="noreferrer">
            <Icon name="phone" small />
            {bridge.label}
          </a>
        )}
        <Menu
          label="Severity"
          open={severityOpen}
          onOpenChange={onSeverityOpen}
          trigger={
            <Button command="severity" unavailable={can('incident.set-severity', incident)}>
              Severity
            </Button>
          }
          actions={severityOptions.map(({ value, label }) => ({
            id: value,
            label,
            mark: <Mark kind={value} size="small" />,
            unavailable: value === incident.severity ? 'now' : null,
            run: () => void submit({ kind: 'incident.set-severity', incidentId, severity: value }),
          }))}
        />
        {isOpen(incident) ? (
          <EscalateButton incident={incident} onPress={() => onDialog({ kind: 'escalate' })} />
        ) : null}
        {isOpen(incident) ? (
          incident.status === 'triggered' ? (
            <Button
              look="primary"
              command="acknowledge"
              autoFocus={answering}
              unavailable={can('incident.acknowledge', incident)}
              onPress={() => void submit({ kind: 'incident.acknowledge', incidentId })}
            >
              Acknowledge
            </Button>
          ) : (
            <Button
              command="resolve"
              unavailable={can('incident.resolve', incident)}
              onPress={() => onDialog({ kind: 'resolve' })}
            >
              Resolve…
            </Button>
          )
        ) : (
          <a className="button" href={paths.postmortem(incidentId)}>
            <Icon name="review" small />
            Review
          </a>
        )}
        <Menu label="More" trigger={<Button icon="dots" aria-label="More" />} actions={more} />
      </div>
      <dl className="facts-row">
        <div className="fact-elapsed">
          <dt>Elapsed</dt>
          <dd className="strong nowrap">
            <ElapsedFact incident={incident} known={known} />
          </dd>
        </div>
        <div className="fact-impact">
          <dt>Impact{asOf}</dt>
          <dd className="clip" title={incident.impact ?? undefined}>
            {incident.impact ?? <span className="muted">Not stated yet. Who is hurt, and how?</span>}
          </dd>
        </div>
        <div>
          <dt>Commander{asOf}</dt>
          <dd className="clip">
            <CommanderFact incident={incident} meId={me.id} />
          </dd>
        </div>
        <div>
          <dt>Next update</dt>
          <dd className="nowrap">
            <UpdateFact incident={incident} />
          </dd>
        </div>
        <div className="fact-asks">
          <dt>Asks{asOf}</dt>
          <dd className="nowrap">
            <AsksFact incident={incident} known={known} />
          </dd>
        </div>
        <DataFact />
      </dl>
    </header>
  );
}

/** Says whom it would page, where there is room. */
function EscalateButton({ incident, onPress }: { incident: Incident; onPress: () => void }) {
  const { next, unavailable } = useEscalate(incident);
  return (
    <Button command="escalate" unavailable={unavailable} onPress={onPress}>
      <span>
        Escalate
        {next.kind === 'step' ? <span className="escalate-name"> to {next.short}</span> : '…'}
      </span>
    </Button>
  );
}

/** With old data a running clock would look live, so it becomes the time it runs from. */
function ElapsedFact({ incident, known }: { incident: Incident; known: boolean }) {
  if (known || incident.resolvedAt !== null) return <Elapsed since={incident.startedAt} until={incident.resolvedAt} />;
  return (
    <>
      since <Time at={incident.startedAt} />
    </>
  );
}

function CommanderFact({ incident, meId }: { incident: Incident; meId: string }) {
  const nameOf = useNameOf();
  const commander = commanderOf(incident);
  if (commander === null) return <span className="muted">Nobody yet</span>;
  return <b>{commander.userId === meId ? 'You' : nameOf(commander.userId)}</b>;
}

function UpdateFact({ incident }: { incident: Incident }) {
  const now = useServerNow();
  const { state } = useFreshness();
  const due = updateDue(incident, now);
  if (due.kind === 'none' || incident.nextUpdateDueAt === null) return <span className="muted">none due</span>;
  // With old data a countdown would look live, so it becomes a clock time.
  if (state === 'stale' || state === 'offline') {
    return (
      <b>
        due <Time at={incident.nextUpdateDueAt} zone />
      </b>
    );
  }
  if (due.kind === 'overdue') return <Flag severity={incident.severity}>Overdue {duration(due.byMs)}</Flag>;
  return (
    <>
      <b>in {duration(due.leftMs)}</b>{' '}
      <span className="muted">
        <Time at={incident.nextUpdateDueAt} zone />
      </span>
    </>
  );
}

function AsksFact({ incident, known }: { incident: Incident; known: boolean }) {
  const now = useServerNow();
  const { waiting, overdue } = asksSummary(useOfIncident('ask', incident.id), now);
  if (waiting === 0) return <span className="muted">none open</span>;
  if (overdue === 0 || !known) return <b>{waiting} open</b>;
  return (
    <>
      <Flag severity={incident.severity}>{overdue} overdue</Flag>
      {waiting > overdue ? <span className="muted"> of {waiting}</span> : null}
    </>
  );
}

function DataFact() {
  const value = useFreshness();
  return (
    <div className={value.state === 'offline' ? 'hatch' : undefined}>
      <dt>Data</dt>
      <dd>
        <Freshness value={value} bare />
      </dd>
    </div>
  );
}
