import { useMe } from '../../session.tsx';
import { TitleLevel } from '../../ui/title.tsx';
import { ProfileEditor } from '../people/profile-editor.tsx';

/** The same profile as on the people screen: where a person looks for it first. */
export function Paging() {
  return (
    <TitleLevel value={2}>
      <ProfileEditor userId={useMe().id} inSettings />
    </TitleLevel>
  );
}
