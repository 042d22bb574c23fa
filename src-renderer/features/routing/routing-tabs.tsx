import { t } from '../../language/words.ts';
import { paths } from '../../paths.ts';

const tabs = [
  { id: 'routes', label: t`Routes`, href: paths.routing() },
  { id: 'inhibitions', label: t`Inhibitions`, href: paths.inhibition() },
  { id: 'monitors', label: t`Heartbeats`, href: paths.monitor() },
] as const;

/** The three lists that decide what pages whom, and what does not. */
export function RoutingTabs({ current }: { current: (typeof tabs)[number]['id'] }) {
  return (
    <div className="routing-switch">
      <nav className="segmented routing-tabs" aria-label={t`Routing`}>
        {tabs.map(({ id, label, href }) => (
          <a
            key={id}
            href={href}
            aria-current={id === current ? 'page' : undefined}
            {...(id === current ? { 'data-selected': true } : {})}
          >
            {label}
          </a>
        ))}
      </nav>
    </div>
  );
}
