// What each target of an update will show, made by the code that sends it, and who will be able to read it.
import { canSee } from '#server/contract/audience.ts';
import type { Incident } from '#server/contract/incident.ts';
import { instantWords } from '#server/contract/instant-words.ts';
import type { TargetPreview } from '#server/contract/status-update.ts';
import type { PagingConfig } from '#server/modules/config/state.ts';
import type { UpdateTarget } from '#server/modules/incidents/status-updates/state.ts';
import type { IncidentDigest, PublishedLook } from '#server/modules/notify/channel-type.ts';
import { updateMail } from '#server/modules/updates/wording.ts';

export interface PreviewWorld {
  incident: Pick<Incident, 'number' | 'restrictedTo' | 'status'>;
  /** As outsiders may know it. */
  digest: IncidentDigest;
  config: PagingConfig;
  users: ReadonlyMap<string, { name: string; teamIds: readonly string[] }>;
  update: { id: string; number: number; text: string };
  nextDueAt: string | null;
  writer: string;
  pageLook(channelId: string): PublishedLook | null;
}

const namesShown = 5;

export function timelinePreview({ update, writer, nextDueAt, incident }: PreviewWorld): TargetPreview {
  return {
    kind: 'timeline',
    targetId: null,
    name: 'Timeline',
    title: `Update ${update.number}, by ${writer}`,
    body: update.text,
    notes: [
      nextDueAt !== null
        ? `Next update due ${instantWords(nextDueAt)}`
        : incident.status === 'resolved'
          ? 'It is resolved: no next update is promised.'
          : 'No next update is promised.',
    ],
    readers:
      incident.restrictedTo === null
        ? 'Everybody who signs in here'
        : 'The teams that may see this restricted incident',
    beyond: null,
    fault: null,
    seal: null,
  };
}

export function targetPreview(target: UpdateTarget, world: PreviewWorld): TargetPreview {
  return target.kind === 'statuspage' ? pagePreview(target, world) : listPreview(target, world);
}

function pagePreview(target: UpdateTarget, world: PreviewWorld): TargetPreview {
  const look = world.pageLook(target.id);
  const fault = target.fault ?? (look === null ? 'the settings of its channel are not valid; save it again.' : null);
  const restricted = world.incident.restrictedTo !== null;
  return {
    kind: 'statuspage',
    targetId: target.id,
    name: target.name,
    title: look?.title ?? null,
    body: look?.body ?? world.update.text,
    notes:
      look === null
        ? []
        : [
            `Shown as ${look.status}, impact ${look.impact}`,
            look.notifies ? 'Subscribers of the page are told' : 'Subscribers of the page are not told',
          ],
    readers: 'Anybody on the internet who opens the page',
    beyond: restricted ? `INC-${world.incident.number} is restricted, and anybody could read this.` : null,
    fault,
    seal: target.seal,
  };
}

function listPreview(target: UpdateTarget, world: PreviewWorld): TargetPreview {
  const { incident, update, config } = world;
  const mail = updateMail(update, world.digest, target.name, world.nextDueAt);
  const list = config.get('stakeholderList', target.id);
  const count = target.addresses.length;
  const others = list?.draft.addresses.length ?? 0;
  const outside = (list?.draft.userIds ?? []).flatMap((id) => {
    const user = world.users.get(id);
    return user === undefined || canSee(incident.restrictedTo, user.teamIds) ? [] : [user.name];
  });
  return {
    kind: 'list',
    targetId: target.id,
    name: target.name,
    title: mail.subject,
    body: mail.text,
    notes: [],
    readers: count === 1 ? '1 person, in a mail of their own' : `${count} people, each in a mail of their own`,
    beyond:
      incident.restrictedTo === null || (outside.length === 0 && others === 0)
        ? null
        : beyondWords(incident.number, outside, others),
    fault: target.fault,
    seal: target.seal,
  };
}

function beyondWords(number: number, names: readonly string[], addresses: number): string {
  const shown = names.slice(0, namesShown);
  const more = names.length - shown.length;
  const who = [
    ...shown,
    ...(more > 0 ? [`${more} more people`] : []),
    ...(addresses > 0 ? [addresses === 1 ? '1 address outside' : `${addresses} addresses outside`] : []),
  ];
  return `INC-${number} is restricted. These would read this and may not see it: ${who.join(', ')}.`;
}
