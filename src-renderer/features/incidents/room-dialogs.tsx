import type { Incident, Task } from '#server/contract/incident.ts';
import { AddLinkDialog, ImpactDialog, ResolveDialog, TitleDialog } from './edit-dialogs.tsx';
import { EscalateDialog } from './escalate-dialog.tsx';
import { MergeDialog, MoveDialog, RestrictDialog, SplitDialog } from './regroup-dialogs.tsx';
import { OfferDialog, RoleDialog } from './role-dialogs.tsx';
import { TaskDialog } from './task-dialog.tsx';

export type RoomDialog =
  | { kind: 'resolve' | 'title' | 'impact' | 'merge' | 'restrict' | 'link' | 'task' | 'role' | 'escalate' }
  | { kind: 'offer'; role: string }
  | { kind: 'edit-task'; task: Task }
  | { kind: 'split' | 'move'; alertIds: string[] };

export function RoomDialogs({
  incident,
  dialog,
  onClose,
}: {
  incident: Incident;
  dialog: RoomDialog;
  onClose: () => void;
}) {
  switch (dialog.kind) {
    case 'resolve':
      return <ResolveDialog incident={incident} onClose={onClose} />;
    case 'title':
      return <TitleDialog incident={incident} onClose={onClose} />;
    case 'impact':
      return <ImpactDialog incident={incident} onClose={onClose} />;
    case 'link':
      return <AddLinkDialog incident={incident} onClose={onClose} />;
    case 'merge':
      return <MergeDialog incident={incident} onClose={onClose} />;
    case 'restrict':
      return <RestrictDialog incident={incident} onClose={onClose} />;
    case 'split':
      return <SplitDialog incident={incident} alertIds={dialog.alertIds} onClose={onClose} />;
    case 'move':
      return <MoveDialog incident={incident} alertIds={dialog.alertIds} onClose={onClose} />;
    case 'role':
      return <RoleDialog incident={incident} onClose={onClose} />;
    case 'offer':
      return <OfferDialog incident={incident} role={dialog.role} onClose={onClose} />;
    case 'escalate':
      return <EscalateDialog incident={incident} onClose={onClose} />;
    case 'task':
      return <TaskDialog incident={incident} task={null} onClose={onClose} />;
    case 'edit-task':
      return <TaskDialog incident={incident} task={dialog.task} onClose={onClose} />;
  }
}
