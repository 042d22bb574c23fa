import type { Incident } from '#server/contract/incident.ts';
import { AnswerDialog, AskDialog, ReassignDialog } from '../console/ask-dialogs.tsx';
import { ReleaseDialog } from '../console/release-dialog.tsx';
import { ObjectDialog, PollDialog } from '../console/poll-dialogs.tsx';
import { ApproveDialog } from '../updates/approve-dialog.tsx';
import { AddLinkDialog, ImpactDialog, ResolveDialog, TitleDialog } from './edit-dialogs.tsx';
import { EscalateDialog } from './escalate-dialog.tsx';
import { MergeDialog, MoveDialog, RestrictDialog, SplitDialog } from './regroup-dialogs.tsx';
import { BriefingDialog, OfferDialog, RoleDialog } from './role-dialogs.tsx';
import type { RoomDialog } from './room-dialog.ts';
import { SeverityDialog } from './severity-dialog.tsx';
import { TaskDialog } from './task-dialog.tsx';

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
    case 'briefing':
      return <BriefingDialog incident={incident} role={dialog.role} onClose={onClose} />;
    case 'release':
      return <ReleaseDialog incident={incident} userId={dialog.userId} onClose={onClose} />;
    case 'severity':
      return <SeverityDialog incident={incident} onClose={onClose} />;
    case 'escalate':
      return <EscalateDialog incident={incident} onClose={onClose} />;
    case 'task':
      return <TaskDialog incident={incident} task={null} from={dialog.from ?? null} onClose={onClose} />;
    case 'edit-task':
      return <TaskDialog incident={incident} task={dialog.task} onClose={onClose} />;
    case 'ask':
      return <AskDialog incident={incident} onClose={onClose} />;
    case 'answer-ask':
      return <AnswerDialog incident={incident} ask={dialog.ask} onClose={onClose} />;
    case 'reassign-ask':
      return <ReassignDialog incident={incident} ask={dialog.ask} onClose={onClose} />;
    case 'poll':
      return <PollDialog incident={incident} onClose={onClose} />;
    case 'decide-update':
      return <ApproveDialog incident={incident} given={dialog.update} onClose={onClose} />;
    case 'object':
      return <ObjectDialog incident={incident} poll={dialog.poll} onClose={onClose} />;
  }
}
