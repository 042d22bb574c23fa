import { rich } from '../../language/rich.ts';
import { t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { Empty } from '../../ui/empty.tsx';

export function MapEmpty() {
  return (
    <section className="map-main" aria-label={t`Service map`}>
      <header className="map-head row wrap">
        <h1 className="title">{t`Map`}</h1>
      </header>
      <Empty title={t`There is nothing to draw yet`}>
        {rich`The map shows the services of the catalog and what they depend on. ${<a href={paths.services()}>{t`Add services`}</a>}, by hand or from a file.`}
      </Empty>
    </section>
  );
}
