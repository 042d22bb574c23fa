import type { Incident } from '#server/contract/incident.ts';
import { t } from '../../language/words.ts';
import { useCan, useSubmit } from '../../session.tsx';
import { type Command, type CommandSubject, useCommands } from '../../ui/commands.ts';
import type { MenuAction } from '../../ui/menu.tsx';
import { codeOf } from './incident-facts.ts';

/** Acknowledges the incident under the keyboard, or all that were chosen and wait for it. */
export function useAcknowledge(focused: Incident | undefined, chosen: readonly Incident[]): { command: Command } {
  const can = useCan();
  const submit = useSubmit();
  const about = chosen.length > 0 ? chosen : focused === undefined ? [] : [focused];
  const waiting = about.filter((incident) => can('incident.acknowledge', incident) === null);
  const [first] = about;
  const unavailable =
    first === undefined ? t`no incident is focused` : waiting.length > 0 ? null : can('incident.acknowledge', first);
  return {
    command: {
      id: 'acknowledge',
      label: waiting.length > 1 ? t`acknowledge ${waiting.length}` : t`acknowledge`,
      about:
        chosen.length > 1
          ? { entity: 'incident', id: first?.id ?? '', title: t`${chosen.length} incidents chosen` }
          : aboutIncident(first),
      hint: unavailable === null,
      unavailable,
      run: () => {
        for (const { id } of waiting) void submit({ kind: 'incident.acknowledge', incidentId: id });
      },
    },
  };
}

/** How the palette names what a command acts on. */
export function aboutIncident(incident: Incident | undefined): CommandSubject | null {
  if (incident === undefined) return null;
  return { entity: 'incident', id: incident.id, title: `${codeOf(incident)} ${incident.title}` };
}

export function chosenOf(rows: readonly Incident[], ids: readonly string[]): Incident[] {
  return rows.filter(({ id }) => ids.includes(id));
}

/** Commands of a room act on its incident. */
export function useIncidentCommands(incident: Incident | undefined, commands: Command[]): void {
  const about = aboutIncident(incident);
  useCommands(
    commands.map((command) => (movesOn.has(command.id) ? command : { about, group: 'This incident', ...command })),
  );
}

const movesOn = new Set(['detail.previous', 'detail.next', 'back']);

/** What a menu offers, for the palette too. */
export function menuCommands(actions: readonly MenuAction[]): Command[] {
  return actions
    .filter(({ command }) => command === undefined)
    .map(({ id, label, run, unavailable = null }) => ({ id: `incident.${id}`, keys: null, label, run, unavailable }));
}
