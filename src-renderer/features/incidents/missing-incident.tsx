import { t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { Missing } from '../links/missing.tsx';

/** In place of a room or a timeline whose incident is not in the copy. */
export function MissingIncident({ id }: { id: string }) {
  return (
    <div className="screen-pad">
      <Missing
        id={id}
        title={t`This incident is not on this machine`}
        actions={
          <a className="button" href={paths.incidents()}>
            {t`All incidents`}
          </a>
        }
      >
        {t`It was closed more than 30 days ago, it is restricted to other teams, or its address is wrong.`}
      </Missing>
    </div>
  );
}
