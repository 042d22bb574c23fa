import type { CelAlertSource, CelIncidentSource, RouteSubject } from '#server/expressions/cel.ts';

/** What conditions of routing see of an incident; a declared one stands in its alert's place. */
export function subjectOf({
  worst,
  title,
  severity,
  services,
  declared,
  alertCount,
}: CelIncidentSource & { worst: CelAlertSource | null }): RouteSubject {
  return {
    alert: worst ?? {
      title,
      severity,
      service: services[0] ?? null,
      source: 'declared',
      fingerprint: '',
      labels: {},
      annotations: {},
    },
    incident: { title, severity, services, declared, alertCount },
  };
}
