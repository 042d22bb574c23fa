// The mapping of the generic source: which field is which, in the order a person thinks of them.
import type { GenericMapping } from '#server/contract/integration.ts';
import { t } from '../../language/words.ts';

export interface MappingField {
  name: keyof GenericMapping;
  label: string;
  help: string;
}

export const mappingFields: readonly MappingField[] = [
  { name: 'title', label: t`Title`, help: t`Text. Required.` },
  {
    name: 'severity',
    label: t`Severity`,
    help: t`sev1, sev2, sev3 or info; usual words such as critical and warning are understood.`,
  },
  { name: 'service', label: t`Service`, help: t`Text; alerts of one service are grouped.` },
  { name: 'status', label: t`State`, help: t`"firing" or "resolved", or true while it fires.` },
  {
    name: 'dedupKey',
    label: t`Identity`,
    help: t`The same text is the same alert. Empty takes title, service and labels.`,
  },
  { name: 'labels', label: t`Labels`, help: t`A map of texts.` },
  { name: 'annotations', label: t`Annotations`, help: t`A map of texts.` },
  { name: 'sourceUrl', label: t`Source link`, help: t`Where the alert is shown in its tool.` },
  { name: 'runbookUrl', label: t`Runbook link`, help: t`What to do about it.` },
  {
    name: 'items',
    label: t`Items`,
    help: t`A list, when one post carries many. Empty takes the body, or its elements.`,
  },
];

export const exampleMapping: GenericMapping = {
  items: '',
  title: 'body.title',
  severity: 'body.severity',
  service: 'body.service',
  status: '',
  dedupKey: '',
  labels: '',
  annotations: '',
  sourceUrl: '',
  runbookUrl: '',
};

export const exampleSample = `{
  "title": "Checkout is slow",
  "service": "checkout",
  "severity": "sev3"
}`;

export type ParsedSample = { ok: true; value: unknown } | { ok: false; reason: string };

export function parseSample(text: string): ParsedSample {
  if (text.trim() === '') return { ok: false, reason: t`Paste one post of your tool here.` };
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch (error) {
    return {
      ok: false,
      reason: t`This is not JSON yet: ${error instanceof Error ? error.message : t`it cannot be read`}`,
    };
  }
}
