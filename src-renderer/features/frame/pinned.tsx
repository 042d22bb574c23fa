import { t } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { usePreferenceValues } from '../../preference.ts';
import { useSession, useTable } from '../../session.tsx';
import { type Command, useCommands } from '../../ui/commands.ts';
import { CommandKey } from '../../ui/command-key.tsx';
import { Mark } from '../../ui/mark.tsx';
import { codeOf } from '../incidents/incident-facts.ts';

/** The incidents this person pinned, each in reach of one key. */
export function Pinned({ path, narrow }: { path: string; narrow: boolean }) {
  const { host } = useSession();
  const incidents = useTable('incident');
  const { pins } = usePreferenceValues();
  const shown = pins.flatMap((id) => incidents.rows.get(id) ?? []);
  const commands = shown.map((incident, index): Command => {
    const keys = `pin.${index + 1}`;
    return {
      id: keys,
      // A browser keeps Ctrl and a digit for its tabs; the desktop has none.
      also: host.kind === 'electron' ? [`$mod+${index + 1}`] : [],
      label: `${codeOf(incident)} ${incident.title}`,
      group: 'Go to',
      keywords: 'pinned',
      run: () => navigate(paths.incident(incident.id)),
    };
  });
  useCommands(commands, 'everywhere');
  if (shown.length === 0) return null;
  return (
    <>
      <h2 className="group">{t`Pinned`}</h2>
      {shown.map((incident, index) => (
        <a
          key={incident.id}
          className="nav"
          href={paths.incident(incident.id)}
          aria-current={path.startsWith(`/incidents/${incident.id}`) ? 'page' : undefined}
          title={`${codeOf(incident)} ${incident.title}`}
        >
          <Mark kind={incident.severity} size="small" />
          <span className="word mono">{codeOf(incident)}</span>
          {narrow ? null : <CommandKey id={`pin.${index + 1}`} />}
        </a>
      ))}
    </>
  );
}
