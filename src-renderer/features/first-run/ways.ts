// The three ways to a first alert, ready to paste: the key and the address are the real ones.
import type { IntegrationKind } from '#server/contract/integration.ts';
import { t } from '../../language/words.ts';
import { keyPlaceholder, setupTexts } from '../integrations/setup-text.ts';

export interface Way {
  title: string;
  hint: string;
  foot: string;
  text: string;
}

export interface Starter {
  name: string;
  kind: IntegrationKind;
  /** Null once it was shown: then a new one is made under Integrations. */
  key: string | null;
}

/** Without starters the keys are not there yet. */
export function ways(starters: readonly Starter[] | null, origin: string): Way[] {
  const keyOf = (kind: IntegrationKind) => starters?.find((starter) => starter.kind === kind)?.key ?? null;
  // The same text as under Integrations.
  const textOf = (kind: IntegrationKind, id: string) =>
    setupTexts(kind, origin, keyOf(kind) ?? keyPlaceholder).find((setup) => setup.id === id)?.text ?? '';
  const footOf = (kind: IntegrationKind, ready: string) =>
    starters === null
      ? t`Put a key in from Integrations`
      : keyOf(kind) === null
        ? t`Its key was shown before; make a new one under Integrations`
        : ready;
  return [
    {
      title: t`From a shell`,
      hint: t`One request, to see that it works`,
      foot: footOf('generic', t`The key is made for you`),
      text: textOf('generic', 'curl'),
    },
    {
      title: t`From Prometheus`,
      hint: t`Alertmanager’s webhook, version 4`,
      foot: footOf('alertmanager', t`Resolved alerts come too`),
      text: textOf('alertmanager', 'alertmanager'),
    },
    {
      title: t`From a tool you have`,
      hint: t`PagerDuty Events v2, new address`,
      foot: footOf('events-v2', t`Only the address and the key change`),
      text: textOf('events-v2', 'curl'),
    },
  ];
}

/** What is drawn: long keys cut down to their end, as copying gives the whole. */
export function shortened(text: string, keys: readonly (string | null)[]): string {
  return keys.reduce<string>((short, key) => (key === null ? short : short.split(key).join(`…${key.slice(-4)}`)), text);
}
