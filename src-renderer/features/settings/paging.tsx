import { useMe } from '../../session.tsx';
import { ProfileEditor } from '../people/profile-editor.tsx';

/** The same profile as on the people screen: where a person looks for it first. */
export function Paging() {
  return <ProfileEditor userId={useMe().id} inSettings />;
}
