import { rich } from '../../language/rich.ts';
import { useNameOf } from '../../session.tsx';
import { Time } from '../../ui/time.tsx';

interface SavedByProps {
  version: number;
  updatedBy: string | null;
  updatedAt: string;
}

/** `version 3, Ada, 2026-11-21 14:00 UTC` */
export function SavedBy({ version, updatedBy, updatedAt }: SavedByProps) {
  const nameOf = useNameOf();
  const at = (
    <>
      {updatedAt.slice(0, 10)} <Time at={updatedAt} zone />
    </>
  );
  return (
    <span className="small-text faint nowrap editor-by">
      {updatedBy === null ? rich`version ${version}, ${at}` : rich`version ${version}, ${nameOf(updatedBy)}, ${at}`}
    </span>
  );
}
