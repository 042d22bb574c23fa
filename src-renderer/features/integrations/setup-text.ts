// Ready configuration for each kind of integration, with the real address and, while it is shown, the real key.
import type { IntegrationKind } from '#server/contract/integration.ts';
import { t } from '../../language/words.ts';

export interface SetupText {
  id: string;
  title: string;
  /** Where it goes, or what it does. */
  hint: string;
  text: string;
}

export interface IntegrationKindInfo {
  kind: IntegrationKind;
  name: string;
  about: string;
}

export const integrationKindInfo: readonly IntegrationKindInfo[] = [
  {
    kind: 'alertmanager',
    name: t`Prometheus and Alertmanager`,
    about: t`Webhook version 4, or Prometheus straight here without an Alertmanager`,
  },
  { kind: 'events-v2', name: t`PagerDuty Events v2`, about: t`Any tool that speaks it: only its base address changes` },
  { kind: 'grafana', name: t`Grafana`, about: t`A webhook contact point of Grafana alerting` },
  { kind: 'generic', name: t`Any JSON`, about: t`Your own script or tool; a mapping says which field is what` },
];

export function kindName(kind: IntegrationKind): string {
  return integrationKindInfo.find((info) => info.kind === kind)?.name ?? kind;
}

/** Stands in the text once the key itself is no longer known. */
export const keyPlaceholder = 'YOUR-KEY';

export function setupTexts(kind: IntegrationKind, origin: string, key: string): SetupText[] {
  const url = new URL(origin);
  switch (kind) {
    case 'alertmanager':
      return [
        {
          id: 'alertmanager',
          title: t`From Alertmanager`,
          hint: t`alertmanager.yml, then reload it`,
          text: alertmanagerYaml(url, key),
        },
        {
          id: 'prometheus',
          title: t`From Prometheus, with no Alertmanager`,
          hint: t`prometheus.yml, then reload it`,
          text: prometheusYaml(url, key),
        },
        {
          id: 'curl',
          title: t`From a shell`,
          hint: t`One alert, to see that it works`,
          text: alertmanagerCurl(url, key),
        },
      ];
    case 'events-v2':
      return [
        {
          id: 'base',
          title: t`In the tool you have`,
          hint: t`Its base address and its routing key`,
          text: t`base URL     ${url.origin}\nrouting key  ${key}`,
        },
        { id: 'curl', title: t`From a shell`, hint: t`Trigger one alert`, text: eventsCurl(url, key) },
        {
          id: 'change',
          title: t`A deploy, as a change`,
          hint: t`Stands beside alerts; pages nobody`,
          text: changeCurl(url, key),
        },
      ];
    case 'grafana':
      return [
        {
          id: 'contact',
          title: t`In Grafana`,
          hint: t`Alerting, Contact points, Add contact point`,
          text: grafanaSteps(url, key),
        },
        {
          id: 'provision',
          title: t`Or as a provisioning file`,
          hint: 'provisioning/alerting/tocsin.yaml',
          text: grafanaYaml(url, key),
        },
      ];
    case 'generic':
      return [
        { id: 'curl', title: t`From a shell`, hint: t`One request, to see that it works`, text: genericCurl(url, key) },
      ];
  }
}

function alertmanagerYaml(url: URL, key: string): string {
  return `receivers:
  - name: tocsin
    webhook_configs:
      - url: ${url.origin}/api/v1/alerts/webhook
        send_resolved: true
        http_config:
          authorization:
            credentials: ${key}

route:
  receiver: tocsin`;
}

function prometheusYaml(url: URL, key: string): string {
  return `alerting:
  alertmanagers:
    - scheme: ${url.protocol.replace(':', '')}
      authorization:
        credentials: ${key}
      static_configs:
        - targets: ['${url.host}']`;
}

function alertmanagerCurl(url: URL, key: string): string {
  return `curl -X POST ${url.origin}/api/v2/alerts \\
  -H 'authorization: Bearer ${key}' \\
  -H 'content-type: application/json' \\
  -d '[{
    "labels": {
      "alertname": "CheckoutIsSlow",
      "service": "checkout",
      "severity": "warning"
    }
  }]'`;
}

function eventsCurl(url: URL, key: string): string {
  return `curl -X POST \\
  ${url.origin}/v2/enqueue \\
  -H 'content-type: application/json' \\
  -d '{
    "routing_key": "${key}",
    "event_action": "trigger",
    "payload": {
      "summary": "Checkout is slow",
      "source": "probe-1",
      "severity": "warning"
    }
  }'`;
}

function changeCurl(url: URL, key: string): string {
  return `curl -X POST ${url.origin}/v2/change/enqueue \\
  -H 'content-type: application/json' \\
  -d '{
    "routing_key": "${key}",
    "payload": {
      "summary": "checkout 4.18.0 deployed",
      "source": "ci"
    }
  }'`;
}

function grafanaSteps(url: URL, key: string): string {
  return `Integration            Webhook
URL                    ${url.origin}/webhooks/grafana
HTTP method            POST
Authorization scheme   Bearer
Credentials            ${key}`;
}

function grafanaYaml(url: URL, key: string): string {
  return `apiVersion: 1
contactPoints:
  - orgId: 1
    name: tocsin
    receivers:
      - uid: tocsin
        type: webhook
        settings:
          url: ${url.origin}/webhooks/grafana
          httpMethod: POST
          authorization_scheme: Bearer
          authorization_credentials: ${key}`;
}

function genericCurl(url: URL, key: string): string {
  return `curl -X POST \\
  ${url.origin}/webhooks/generic \\
  -H 'authorization: Bearer ${key}' \\
  -H 'content-type: application/json' \\
  -d '{
    "title": "Checkout is slow",
    "service": "checkout",
    "severity": "sev3"
  }'`;
}
