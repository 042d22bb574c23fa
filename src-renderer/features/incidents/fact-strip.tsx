import type { Incident } from '#server/contract/incident.ts';
import { rich } from '../../language/rich.ts';
import { t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useCan, useFreshness, useMe, useQueued, useSubmit } from '../../session.tsx';
import { clockTime } from '../../time-format.ts';
import { Button } from '../../ui/button.tsx';
import { Chip, Queued } from '../../ui/chip.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Mark } from '../../ui/mark.tsx';
import { Menu, type MenuAction } from '../../ui/menu.tsx';
import { useCopyLink } from '../links/copy-link.tsx';
import { codeOf, isOpen, severityOptions, statusWord } from './incident-facts.ts';
import { menuCommands, useIncidentCommands } from './incident-commands.ts';
import type { RoomDialog } from './room-dialog.ts';
import { AsksFact, CommanderFact, DataFact, ElapsedFact, UpdateFact } from './strip-facts.tsx';
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
  const asOf = known || dataAt === null ? null : clockTime(dataAt);

  const pin = usePin(incidentId);
  const copyLink = useCopyLink();
  const statusActions: MenuAction[] = [
    {
      id: 'acknowledge',
      label: t`Acknowledge`,
      command: 'acknowledge',
      unavailable: can('incident.acknowledge', incident),
      run: () => void submit({ kind: 'incident.acknowledge', incidentId }),
    },
    {
      id: 'mitigate',
      label: t`Mitigated`,
      unavailable: can('incident.mitigate', incident),
      run: () => void submit({ kind: 'incident.mitigate', incidentId }),
    },
    {
      id: 'resolve',
      label: t`Resolve…`,
      command: 'resolve',
      unavailable: can('incident.resolve', incident),
      run: () => onDialog({ kind: 'resolve' }),
    },
    {
      id: 'reopen',
      label: t`Reopen`,
      unavailable: can('incident.reopen', incident),
      run: () => void submit({ kind: 'incident.reopen', incidentId }),
    },
  ];
  const more: MenuAction[] = [
    {
      id: 'title',
      label: t`Rename…`,
      icon: 'edit',
      unavailable: can('incident.set-title', incident),
      run: () => onDialog({ kind: 'title' }),
    },
    {
      id: 'impact',
      label: t`State the impact…`,
      icon: 'edit',
      unavailable: can('incident.set-impact', incident),
      run: () => onDialog({ kind: 'impact' }),
    },
    {
      id: 'merge',
      label: t`Merge into another…`,
      icon: 'group',
      unavailable: can('incident.merge', incident),
      run: () => onDialog({ kind: 'merge' }),
    },
    {
      id: 'restrict',
      label: t`Restrict to teams…`,
      icon: 'refused',
      unavailable: can('incident.restrict', incident),
      run: () => onDialog({ kind: 'restrict' }),
    },
    {
      id: 'pin',
      label: pin.label === 'pin' ? t`Pin to the rail` : t`Take down from the rail`,
      icon: 'pin',
      // In the palette it is there of itself.
      command: pin.id,
      unavailable: pin.unavailable ?? null,
      run: pin.run,
    },
    {
      id: 'link',
      label: t`Copy the link of ${codeOf(incident)}`,
      icon: 'copy',
      run: () => copyLink(codeOf(incident)),
    },
    {
      id: 'review',
      label: t`Review and Markdown`,
      icon: 'review',
      run: () => window.location.assign(paths.postmortem(incidentId)),
    },
  ];
  useIncidentCommands(incident, [pin, ...menuCommands([...statusActions, ...more])]);
  return (
    <header className="facts">
      <div className="facts-top">
        <Mark kind={incident.severity} size="large" />
        <h1 className="title" title={incident.title}>
          {incident.title}
        </h1>
        <span className="mono faint nowrap">{codeOf(incident)}</span>
        <Button
          look="ghost"
          compact
          icon="copy"
          aria-label={t`Copy the link of ${codeOf(incident)}`}
          onPress={() => copyLink(codeOf(incident))}
        />
        <Menu
          label={t`Status`}
          trigger={
            <Button compact>
              {asOf === null ? statusWord(incident) : t`${statusWord(incident)} at ${asOf}`}
              <Icon name="chevron-down" small />
            </Button>
          }
          actions={statusActions}
        />
        {queued ? <Queued /> : null}
        {incident.restrictedTo === null ? null : <Chip icon="refused">{t`restricted`}</Chip>}
        <span className="grow" />
        {bridge === undefined ? null : (
          <a className="button" href={bridge.url} target="_blank" rel="noreferrer">
            <Icon name="phone" small />
            {bridge.label}
          </a>
        )}
        <Menu
          label={t`Severity`}
          open={severityOpen}
          onOpenChange={onSeverityOpen}
          trigger={
            <Button command="severity" unavailable={can('incident.set-severity', incident)}>
              {t`Severity`}
            </Button>
          }
          actions={severityOptions.map(({ value, label }) => ({
            id: value,
            label,
            mark: <Mark kind={value} size="small" />,
            unavailable: value === incident.severity ? t`now` : null,
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
              {t`Acknowledge`}
            </Button>
          ) : (
            <Button
              command="resolve"
              unavailable={can('incident.resolve', incident)}
              onPress={() => onDialog({ kind: 'resolve' })}
            >
              {t`Resolve…`}
            </Button>
          )
        ) : (
          <a className="button" href={paths.postmortem(incidentId)}>
            <Icon name="review" small />
            {t`Review`}
          </a>
        )}
        <Menu label={t`More`} trigger={<Button icon="dots" aria-label={t`More`} />} actions={more} />
      </div>
      <dl className="facts-row">
        <div className="fact-elapsed">
          <dt>{t`Elapsed`}</dt>
          <dd className="strong nowrap">
            <ElapsedFact incident={incident} known={known} />
          </dd>
        </div>
        <div className="fact-impact">
          <dt>{asOf === null ? t`Impact` : t`Impact at ${asOf}`}</dt>
          <dd className="clip" title={incident.impact ?? undefined}>
            {incident.impact ?? <span className="muted">{t`Not stated yet. Who is hurt, and how?`}</span>}
          </dd>
        </div>
        <div>
          <dt>{asOf === null ? t`Commander` : t`Commander at ${asOf}`}</dt>
          <dd className="clip">
            <CommanderFact incident={incident} meId={me.id} />
          </dd>
        </div>
        <div>
          <dt>{t`Next update`}</dt>
          <dd className="nowrap">
            <UpdateFact incident={incident} />
          </dd>
        </div>
        <div className="fact-asks">
          <dt>{asOf === null ? t`Asks` : t`Asks at ${asOf}`}</dt>
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
        {next.kind === 'step'
          ? rich`Escalate ${<span className="escalate-name">{t`to ${next.short}`}</span>}`
          : t`Escalate…`}
      </span>
    </Button>
  );
}
