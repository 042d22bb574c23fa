import { useState } from 'react';
import { t } from '../../language/words.ts';
import { useTable } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Mark } from '../../ui/mark.tsx';
import { Select } from '../../ui/select.tsx';
import { DeclareDialog } from '../incidents/declare-dialog.tsx';
import { EscalateDialog } from '../incidents/escalate-dialog.tsx';
import { codeOf, openIncidents } from '../incidents/incident-facts.ts';
import { useCanDeclare } from '../incidents/use-can-declare.ts';

/** Pages a team, a schedule or a person from here: about which incident, then whom. */
export function PageDialog({ onClose }: { onClose: () => void }) {
  const incidents = useTable('incident').rows;
  const open = openIncidents(incidents.values());
  const [chosen, setChosen] = useState<string | null>(open[0]?.id ?? null);
  const [asked, setAsked] = useState(open.length === 1);
  const [declaring, setDeclaring] = useState(false);
  const cannotDeclare = useCanDeclare();
  const incident = incidents.get(chosen ?? '');
  if (declaring) return <DeclareDialog onClose={onClose} />;
  if (asked && incident !== undefined) return <EscalateDialog incident={incident} onClose={onClose} />;
  return (
    <Dialog
      title={t`Page somebody`}
      open
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t`Cancel`}</Button>
          {open.length === 0 ? (
            <Button look="primary" unavailable={cannotDeclare} onPress={() => setDeclaring(true)}>
              {t`Declare incident`}
            </Button>
          ) : (
            <Button look="primary" isDisabled={incident === undefined} onPress={() => setAsked(true)}>
              {t`Choose whom to page`}
            </Button>
          )}
        </>
      }
    >
      {open.length === 0 ? (
        <p>{t`No incident is open. Whoever is paged is paged about one, so declare it first.`}</p>
      ) : (
        <Select
          label={t`About which incident`}
          options={open.map(({ id, severity, title, number }) => ({
            value: id,
            label: `${codeOf({ number })} ${title}`,
            mark: <Mark kind={severity} size="small" />,
          }))}
          value={chosen}
          onChange={setChosen}
        />
      )}
    </Dialog>
  );
}
