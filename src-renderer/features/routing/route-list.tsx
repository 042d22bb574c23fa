import type { Route } from '#server/contract/route.ts';
import { t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useTable } from '../../session.tsx';
import { OrderedList } from '../config/ordered-list.tsx';

interface RouteListProps {
  /** In the order of trial, the catch-all last. */
  routes: readonly Route[];
  current: string | null;
  cannotOrder: string | null;
  cannotWrite: string | null;
  onMove: (routeId: string, by: number) => void;
  onEnable: (route: Route, enabled: boolean) => void;
  onDelete: (route: Route) => void;
}

export function RouteList({ routes, ...props }: RouteListProps) {
  const policies = useTable('policy').rows;
  return (
    <OrderedList
      kind="route"
      {...props}
      label={t`Routes in the order they are tried`}
      rows={routes}
      pathOf={paths.route}
      words={{
        menu: (name) => t`Route ${name}`,
        builtIn: t`catch-all`,
        fixed: t`Always last: what no route takes ends here`,
        last: t`only the catch-all follows`,
      }}
    >
      {({ builtIn, condition, policyId }) => (
        <>
          <span className="mono faint clip">{builtIn ? t`what is left` : condition}</span>
          <span className="small-text clip">
            {policyId === null ? (
              <b className="route-nobody">{t`pages nobody`}</b>
            ) : policies.has(policyId) ? (
              <span className="muted">→ {policies.get(policyId)?.name}</span>
            ) : (
              <b className="route-nobody">{t`its policy is gone`}</b>
            )}
          </span>
        </>
      )}
    </OrderedList>
  );
}
