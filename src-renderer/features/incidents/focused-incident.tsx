import { useState } from 'react';
import type { Alert } from '#server/contract/alert.ts';
import type { Incident } from '#server/contract/incident.ts';
import { t } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useCan, useMe, useOfIncident, useSubmit } from '../../session.tsx';
import { type Command, useCommands } from '../../ui/commands.ts';
import { SilenceDialog } from '../alerts/silence-dialog.tsx';
import { useMute } from '../inbox/use-inbox.ts';
import { incidentActions, type RoomField, withoutIncident } from './incident-actions.ts';
import { useIncidentCommands } from './incident-commands.ts';
import type { RoomDialog } from './room-dialog.ts';
import { RoomDialogs } from './room-dialogs.tsx';
import { useEscalate } from './use-escalate.ts';

interface FocusedIncidentProps {
  incident: Incident | undefined;
  /** Commands that the screen has of its own. */
  besides?: readonly string[];
  /** Why there is none, where the screen knows. */
  without?: string;
}

type Opened = { incident: Incident } & ({ dialog: RoomDialog } | { silencing: Alert[] });

/** The keys of an incident outside of its room, and the dialogs that they open. */
export function FocusedIncident({ incident, besides = [], without }: FocusedIncidentProps) {
  // Whatever moves in the list meanwhile, a dialog stays and is about the one that it was opened for.
  const [opened, setOpened] = useState<Opened | null>(null);
  const close = (): void => setOpened(null);
  return (
    <>
      {incident === undefined ? (
        <NoIncident why={without ?? t`no incident is focused`} besides={besides} />
      ) : (
        <Acting incident={incident} besides={besides} onOpen={setOpened} />
      )}
      {opened === null ? null : 'silencing' in opened ? (
        <SilenceDialog alerts={opened.silencing} kind="silence" onClose={close} />
      ) : (
        <RoomDialogs incident={opened.incident} dialog={opened.dialog} onClose={close} />
      )}
    </>
  );
}

function NoIncident({ why, besides }: { why: string; besides: readonly string[] }) {
  useCommands(withoutIncident(why).filter(({ id }) => !besides.includes(id)));
  return null;
}

interface ActingProps {
  incident: Incident;
  besides: readonly string[];
  onOpen: (opened: Opened) => void;
}

function Acting({ incident, besides, onOpen }: ActingProps) {
  const { id } = incident;
  const { id: meId } = useMe();
  const can = useCan();
  const submit = useSubmit();
  const escalate = useEscalate(incident);
  const { muted, mute } = useMute();
  const alerts = useOfIncident('alert', id);
  const firing = alerts.filter(({ status, suppressed }) => status === 'firing' && !suppressed);
  const open = (dialog: RoomDialog): void => onOpen({ incident, dialog });
  const write = (field: RoomField): void => navigate(paths.incident(id, field));
  const commands: Command[] = [
    ...incidentActions(incident, {
      meId,
      can,
      escalate,
      firing: firing.length,
      muted: muted.includes(id),
      acknowledge: () => void submit({ kind: 'incident.acknowledge', incidentId: id }),
      open,
      write,
      severity: () => open({ kind: 'severity' }),
      silence: () => onOpen({ incident, silencing: firing }),
      mute: () => mute(id, !muted.includes(id)),
    }),
    {
      id: 'update-now',
      label: t`update now`,
      unavailable: can('incident.post-update', incident),
      run: () => write('update'),
    },
  ];
  useIncidentCommands(
    incident,
    commands.filter((command) => !besides.includes(command.id)),
  );
  return null;
}
