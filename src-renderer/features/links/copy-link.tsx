import { t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useSession } from '../../session.tsx';
import { CopyButton, useCopy } from '../../ui/copy-button.tsx';
import { type LinkedEntity, shortIdOf } from './short-id.ts';

/** Where a colleague finds it: in a browser as it is, in the desktop app by the number in it. */
export function useAddressOf(): (ref: string) => string {
  const { serverUrl } = useSession();
  return (ref) => `${serverUrl}/${paths.at(ref)}`;
}

/** A small button for a row of a list. */
export function CopyLink({ entity, id }: { entity: LinkedEntity; id: string }) {
  const addressOf = useAddressOf();
  const ref = shortIdOf(entity, id);
  return <CopyButton iconOnly text={addressOf(ref)} label={t`Copy the link of ${ref}`} />;
}

/** For menus and commands. */
export function useCopyLink(): (ref: string) => void {
  const addressOf = useAddressOf();
  const copy = useCopy();
  return (ref) => copy(addressOf(ref), t`The link of ${ref} is copied.`);
}
