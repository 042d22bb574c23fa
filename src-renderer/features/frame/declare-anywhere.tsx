import { lazy, Suspense, useState } from 'react';
import { t } from '../../language/words.ts';
import { useCommands } from '../../ui/commands.ts';
import { useCanDeclare } from '../incidents/use-can-declare.ts';

const DeclareDialog = lazy(() =>
  import('../incidents/declare-dialog.tsx').then(({ DeclareDialog: component }) => ({ default: component })),
);

/** Declaring is never more than a key away; a screen with alerts to declare about has its own. */
export function DeclareAnywhere() {
  const cannotDeclare = useCanDeclare();
  const [open, setOpen] = useState(false);
  const group = 'Everywhere';
  useCommands(
    [
      {
        id: 'declare',
        label: t`declare incident`,
        group,
        unavailable: cannotDeclare,
        run: () => setOpen(true),
      },
    ],
    'everywhere',
  );
  if (!open) return null;
  return (
    <Suspense fallback={null}>
      <DeclareDialog onClose={() => setOpen(false)} />
    </Suspense>
  );
}
