// A service while it is being edited: lists as lines, checked against the contract before anything is sent. Pure.
import { type ServiceDetail, ServiceDraft, type ServiceKind, serviceLinkKinds } from '#server/contract/service.ts';
import { t } from '../../language/words.ts';
import type { Back } from '../../undo.ts';

export interface ServiceForm {
  name: string;
  kind: ServiceKind;
  /** Id of a team, or empty. */
  team: string;
  ownerText: string;
  /** '1' to '4', or empty. */
  tier: string;
  description: string;
  /** `kind | label | address`, one a line. */
  links: string;
  runbook: string;
  journeys: string;
  aliases: readonly string[];
  /** `label=value, label=value`, one rule a line. */
  bindings: string;
  dependsOn: readonly string[];
}
export type ServiceErrors = Partial<Record<keyof ServiceForm, string>>;

export function serviceFormOf(service: ServiceDetail | null): ServiceForm {
  return {
    name: service?.name ?? '',
    kind: service?.kind ?? 'service',
    team: service?.teamId ?? '',
    ownerText: service?.ownerText ?? '',
    tier: service?.tier?.toString() ?? '',
    description: service?.description ?? '',
    links: (service?.links ?? []).map(({ kind, label, url }) => `${kind} | ${label} | ${url}`).join('\n'),
    runbook: service?.runbook ?? '',
    journeys: (service?.journeys ?? []).join('\n'),
    aliases: service?.aliases ?? [],
    bindings: (service?.bindings ?? []).map(bindingWords).join('\n'),
    dependsOn: service?.dependsOn ?? [],
  };
}

/** What brings a deleted service back as it was, and to where it stood on the map. */
export function broughtBack(was: ServiceDetail): Back {
  const serviceId = was.id;
  return {
    inverse: { kind: 'service.save', serviceId, draft: ServiceDraft.parse(was) },
    followUp: was.pin === null ? null : { kind: 'service.pin', serviceId, pin: was.pin },
  };
}

/** `app=checkout, env=prod` */
export function bindingWords(binding: Readonly<Record<string, string>>): string {
  return Object.entries(binding)
    .map(([label, value]) => `${label}=${value}`)
    .join(', ');
}

export function checkService(form: ServiceForm): { draft: ServiceDraft | null; errors: ServiceErrors } {
  const errors: ServiceErrors = {};
  const links = linesOf(form.links).map((line) => line.split('|').map((part) => part.trim()));
  if (links.some((parts) => parts.length !== 3)) errors.links = t`One a line: runbook | Restart it | https://…`;
  else if (links.some(([kind]) => !serviceLinkKinds.some((known) => known === kind))) {
    errors.links = t`The first word is one of ${serviceLinkKinds.join(', ')}.`;
  } else if (links.some(([, , url]) => !/^(https?:\/\/|tel:|mailto:)/i.test(url ?? ''))) {
    errors.links = t`An address starts with https://, http://, tel: or mailto:.`;
  }
  const bindings = linesOf(form.bindings).map(pairsOf);
  if (bindings.includes(null)) errors.bindings = t`One rule a line: app=checkout, env=prod`;
  if (form.name.trim() === '') errors.name = t`Give it the name by which alerts call it.`;
  if (Object.keys(errors).length > 0) return { draft: null, errors };
  const parsed = ServiceDraft.safeParse({
    name: form.name,
    kind: form.kind,
    teamId: form.team === '' ? null : form.team,
    ownerText: form.team === '' ? form.ownerText.trim() : '',
    tier: form.tier === '' ? null : Number(form.tier),
    description: form.description.trim(),
    links: links.map(([kind, label, url]) => ({ kind, label, url })),
    runbook: form.runbook.trim() === '' ? null : form.runbook,
    journeys: linesOf(form.journeys),
    aliases: [...form.aliases],
    bindings,
    dependsOn: [...form.dependsOn],
  });
  if (parsed.success) return { draft: parsed.data, errors };
  for (const { path, message } of parsed.error.issues) {
    const [field] = path;
    if (typeof field === 'string' && field in form) errors[field as keyof ServiceForm] = `${message}.`;
  }
  return { draft: null, errors: Object.keys(errors).length > 0 ? errors : { name: parsed.error.message } };
}

function pairsOf(line: string): Record<string, string> | null {
  const pairs = line.split(',').map((pair): [string, string] | null => {
    const at = pair.indexOf('=');
    return at < 1 ? null : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
  });
  return pairs.includes(null) ? null : Object.fromEntries(pairs as [string, string][]);
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
