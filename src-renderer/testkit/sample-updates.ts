// Updates of the sample: one that did not reach everybody, one that waits for a yes, and who reads them.
import type { Channel } from '#server/contract/channel.ts';
import type { StakeholderList } from '#server/contract/stakeholder.ts';
import type { StatusUpdate, UpdatePreview } from '#server/contract/status-update.ts';
import { sampleId, sampleIncidentIds, samplePeople, samplePagingId } from './sample-ids.ts';

type Instant = (minutes: number, seconds?: number) => string;

const [pageId, mailId, supportId, partnersId] = [81, 82, 83, 84].map(samplePagingId) as [
  string,
  string,
  string,
  string,
];
const shop = 'larkspur.example';

export function sampleWaysOut(ago: Instant): { channel: Channel[]; stakeholderList: StakeholderList[] } {
  const document = {
    version: 1,
    findings: [],
    updatedAt: ago(9_000),
    updatedBy: samplePeople.mara,
    origin: 'ui' as const,
  };
  const channel = { ...document, enabled: true, secretNames: [], lastSentAt: null, lastError: null };
  return {
    channel: [
      {
        ...channel,
        id: pageId,
        name: 'status.larkspur.example',
        kind: 'statuspage',
        settings: { pageId: 'kctbh9vrtdwd' },
        secretNames: ['apiKey'],
      },
      { ...channel, id: mailId, name: 'Mail', kind: 'email', settings: { host: 'smtp.larkspur.example' } },
    ],
    stakeholderList: [
      {
        ...document,
        id: supportId,
        name: 'Support and sales',
        description: 'Those whom customers ask first',
        channelId: mailId,
        userIds: [samplePeople.lucia, samplePeople.kenji],
        addresses: [`support@${shop}`, `sales@${shop}`],
        findings: [
          {
            level: 'warning',
            code: 'no-address',
            text: 'Kenji Mori has no e-mail address that was proven, and gets nothing from this list.',
            from: null,
            to: null,
          },
        ],
      },
      {
        ...document,
        id: partnersId,
        name: 'Payment partners',
        description: '',
        channelId: mailId,
        userIds: [],
        addresses: Array.from({ length: 38 }, (_, index) => `desk${index + 1}@acquirer.example`),
      },
    ],
  };
}

export function sampleStatusUpdates(ago: Instant): StatusUpdate[] {
  const common = {
    nextInMinutes: 15,
    openly: false,
    approverId: null,
    decidedBy: null,
    decidedAt: null,
    decision: null,
  } as const;
  return [
    {
      ...common,
      id: sampleId('update', 2),
      version: 6,
      incidentId: sampleIncidentIds.checkout,
      number: 2,
      text: 'The cause is narrowed to the release of payments 4.18.0. 38 % of card orders in the EU fail.',
      statusPages: [pageId],
      lists: [supportId, partnersId],
      state: 'sent',
      writtenBy: samplePeople.mara,
      writtenAt: ago(9),
      deliveries: [
        {
          kind: 'statuspage',
          targetId: pageId,
          name: 'status.larkspur.example',
          state: 'sent',
          recipients: 1,
          sent: 1,
          failed: 0,
          repeated: 0,
          at: ago(9),
          error: null,
        },
        {
          kind: 'list',
          targetId: supportId,
          name: 'Support and sales',
          state: 'sent',
          recipients: 4,
          sent: 4,
          failed: 0,
          repeated: 0,
          at: ago(8),
          error: null,
        },
        {
          kind: 'list',
          targetId: partnersId,
          name: 'Payment partners',
          state: 'failed',
          recipients: 38,
          sent: 36,
          failed: 2,
          repeated: 1,
          at: ago(7),
          error: '550 5.1.1 no such mailbox: a reader',
        },
      ],
    },
    {
      ...common,
      id: sampleId('update', 3),
      version: 1,
      incidentId: sampleIncidentIds.search,
      number: 1,
      text: 'Search answers slowly since 14:05. Orders and payments are not affected. We are adding capacity.',
      statusPages: [pageId],
      lists: [],
      state: 'awaiting',
      writtenBy: samplePeople.diego,
      writtenAt: ago(1, 20),
      approverId: samplePeople.priya,
      deliveries: [],
    },
  ];
}

/** As the center would answer. */
export function sampleUpdatePreview(question: {
  text: string;
  statusPages?: readonly string[];
  lists?: readonly string[];
  updateId: string | null;
}): UpdatePreview {
  const pages = question.updateId === null ? (question.statusPages ?? []) : [pageId];
  return {
    number: question.updateId === null ? 3 : 1,
    approval: null,
    targets: [
      {
        kind: 'timeline',
        targetId: null,
        name: 'Timeline',
        title: question.updateId === null ? 'Update 3, by Priya Raman' : 'Update 1, by Diego Santos',
        body: question.text,
        notes: ['Next update due 21 Nov 14:53 UTC'],
        readers: 'Everybody who signs in here',
        beyond: null,
        fault: null,
        seal: null,
      },
      ...pages.map((targetId) => ({
        kind: 'statuspage' as const,
        targetId,
        name: 'status.larkspur.example',
        title: '38 % of EU card orders fail, about 410 a minute.',
        body: question.text,
        notes: ['Shown as investigating, impact critical', 'Subscribers of the page are told'],
        readers: 'Anybody on the internet who opens the page',
        beyond: question.updateId === null ? null : 'INC-2042 is restricted, and anybody could read this.',
        fault: null,
        seal: 'page',
      })),
      ...(question.lists ?? []).map((targetId) => ({
        kind: 'list' as const,
        targetId,
        name: targetId === partnersId ? 'Payment partners' : 'Support and sales',
        title: 'INC-2041 update 3: 38 % of EU card orders fail, about 410 a minute.',
        body: `${question.text}\n\nStatus: being worked on.\nNext update by 21 Nov 14:53 UTC.\n\nYou get this because you are on the list ${targetId === partnersId ? 'Payment partners' : 'Support and sales'}.`,
        notes: [],
        readers:
          targetId === partnersId ? '38 people, each in a mail of their own' : '3 people, each in a mail of their own',
        beyond: null,
        fault: null,
        seal: 'list',
      })),
    ],
  };
}
