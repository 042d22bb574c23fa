import { paths } from '../../paths.ts';

const tabs = [
  { id: 'routes', label: 'Routes', href: paths.routing() },
  { id: 'inhibitions', label: 'Inhibitions', href: paths.inhibition() },
  { id: 'monitors', label: 'Heartbeats', href: paths.monitor() },
] as const;

/** The three lists that decide what pages whom, and what does not. */
export function RoutingTabs({ current }: { current: (typeof tabs)[number]['id'] }) {
  return (
    <nav className="segmented routing-tabs" aria-label="Routing">
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
  );
}
