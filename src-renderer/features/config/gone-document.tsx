import { t } from '../../language/words.ts';
import { useLocation } from '../../navigation.ts';
import { Empty } from '../../ui/empty.tsx';

/** In the place of its editor: another one there would be taken for the one that was looked for. */
export function GoneDocument() {
  const [, list = ''] = useLocation().path.split('/');
  return (
    <Empty
      heading
      title={t`It is not there any more`}
      actions={
        <a className="button" href={`#/${list}`}>
          {t`To the list`}
        </a>
      }
    >
      {t`Somebody deleted it, or its address is wrong.`}
    </Empty>
  );
}
