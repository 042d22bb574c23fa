import { useMemo, useState } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import { plural, t } from '../../language/words.ts';
import { useCan, useSession, useSubmit, useTable } from '../../session.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Mark } from '../../ui/mark.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { FormDialog, useAct } from './edit-dialogs.tsx';
import { codeOf, openIncidents } from './incident-facts.ts';

interface Props {
  incident: Incident;
  onClose: () => void;
}

export function MergeDialog({ incident, onClose }: Props) {
  const can = useCan();
  const act = useAct(onClose);
  const [into, setInto] = useState<string | null>(null);
  return (
    <FormDialog
      title={t`Merge ${codeOf(incident)} into another`}
      saveLabel={t`Merge`}
      onClose={onClose}
      valid={into !== null}
      unavailable={can('incident.merge', incident)}
      onSave={() => {
        if (into !== null) act({ kind: 'incident.merge', incidentId: incident.id, into });
      }}
    >
      <p className="muted">
        {t`Its alerts and open tasks move there; its timeline stays here, and both say what happened.`}
      </p>
      <OtherIncident except={incident.id} value={into} onChange={setInto} />
    </FormDialog>
  );
}

export function MoveDialog({ incident, alertIds, onClose }: Props & { alertIds: string[] }) {
  const can = useCan();
  const act = useAct(onClose);
  const [into, setInto] = useState<string | null>(null);
  return (
    <FormDialog
      title={t`Move ${countOf(alertIds)}`}
      saveLabel={t`Move`}
      onClose={onClose}
      valid={into !== null}
      unavailable={can('incident.attach-alerts', incident)}
      onSave={() => {
        if (into !== null) act({ kind: 'incident.attach-alerts', incidentId: into, alertIds });
      }}
    >
      <p className="muted">{t`From then on your hand wins over the grouping rule for these alerts.`}</p>
      <OtherIncident except={incident.id} value={into} onChange={setInto} />
    </FormDialog>
  );
}

export function SplitDialog({ incident, alertIds, onClose }: Props & { alertIds: string[] }) {
  const { uuid } = useSession();
  const can = useCan();
  const submit = useSubmit();
  const first = useTable('alert').rows.get(alertIds[0] ?? '');
  const [title, setTitle] = useState(first?.title ?? incident.title);
  const split = async () => {
    const newIncidentId = uuid();
    const submitted = await submit({
      kind: 'incident.split',
      incidentId: incident.id,
      alertIds,
      newIncidentId,
      title: title.trim(),
    });
    if (!submitted.ok) return;
    onClose();
    const result = await submitted.settled;
    if (result?.outcome === 'applied') navigate(paths.incident(newIncidentId));
  };
  return (
    <FormDialog
      title={t`Split off ${countOf(alertIds)}`}
      saveLabel={t`Split`}
      onClose={onClose}
      valid={title.trim() !== ''}
      unavailable={can('incident.split', incident)}
      onSave={() => void split()}
    >
      <TextField label={t`Title of the new incident`} value={title} onChange={setTitle} autoFocus maxLength={300} />
    </FormDialog>
  );
}

export function RestrictDialog({ incident, onClose }: Props) {
  const can = useCan();
  const act = useAct(onClose);
  const teams = useTable('team');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(incident.restrictedTo ?? []));
  const list = useMemo(() => [...teams.rows.values()].sort((a, b) => a.name.localeCompare(b.name)), [teams]);
  const save = () =>
    act({ kind: 'incident.restrict', incidentId: incident.id, restrictedTo: chosen.size === 0 ? null : [...chosen] });
  return (
    <FormDialog
      title={t`Who may see ${codeOf(incident)}`}
      saveLabel={chosen.size === 0 ? t`Show to everyone` : t`Restrict`}
      onClose={onClose}
      valid
      unavailable={can('incident.restrict', incident)}
      onSave={save}
    >
      <p className="muted">
        {t`Only members of the chosen teams see it, its timeline and its alerts. With none chosen everyone does.`}
      </p>
      {list.length === 0 ? (
        <Empty title={t`There is no team yet`}>{t`An administrator makes teams under Settings.`}</Empty>
      ) : null}
      {list.map((team) => (
        <Checkbox
          key={team.id}
          isSelected={chosen.has(team.id)}
          onChange={(on) => {
            const next = new Set(chosen);
            if (on) next.add(team.id);
            else next.delete(team.id);
            setChosen(next);
          }}
        >
          {team.name} <span className="faint">{team.memberCount}</span>
        </Checkbox>
      ))}
    </FormDialog>
  );
}

function OtherIncident({
  except,
  value,
  onChange,
}: {
  except: string;
  value: string | null;
  onChange: (id: string) => void;
}) {
  const incidents = useTable('incident');
  const options = useMemo(
    () =>
      openIncidents(incidents.rows.values())
        .filter((incident) => incident.id !== except)
        .map((incident) => ({
          value: incident.id,
          label: `${codeOf(incident)} ${incident.title}`,
          mark: <Mark kind={incident.severity} size="small" />,
        })),
    [incidents, except],
  );
  if (options.length === 0) return <Empty title={t`No other incident is open`} />;
  return <Select label={t`Incident`} options={options} value={value} onChange={onChange} />;
}

function countOf(alertIds: readonly string[]): string {
  return t`${plural(alertIds.length, { one: '1 alert', other: '# alerts' })}`;
}
