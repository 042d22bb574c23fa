import type { ChatMessage } from '#server/contract/chat.ts';
import { sampleId, sampleIncidentIds, samplePeople } from './sample-ids.ts';

/** What was said in the room of the worst incident. */
export function sampleChat(ago: (minutes: number) => string): ChatMessage[] {
  const { mara, diego, priya } = samplePeople;
  const id = (n: number) => sampleId('chat', n);
  const rows: [number, Partial<ChatMessage> & Pick<ChatMessage, 'author' | 'text'>][] = [
    [
      15,
      {
        author: 'Ngozi Okafor',
        source: 'slack',
        text: '288 sessions idle in transaction, nearly all from pods on 4.18.0.',
      },
    ],
    [
      14,
      {
        author: 'Diego Santos',
        authorId: diego,
        text: '4.18.0 checks refunds inside the capture. A hung acquirer hangs the connection.',
      },
    ],
    [
      13,
      {
        author: 'Diego Santos',
        authorId: diego,
        text: 'The graph: https://grafana.example/d/payments?from=14:00\n\n- `payments-db` idle in transaction\n- 41 on 4.17.2, **96** on 4.18.0',
        editedAt: ago(12.5),
      },
    ],
    [
      9,
      {
        author: 'Mara Lindqvist',
        authorId: mara,
        text: 'Rolling back pod by pod. @Priya Raman will you take pay-7f9c? Speak now if you object.',
        mentions: [priya],
        entryId: sampleId('timeline', 10),
        mirror: 'sent',
      },
    ],
    [
      6,
      {
        author: 'Priya Raman',
        authorId: priya,
        text: 'pay-7f9c is back on 4.17.2 and draining. 392 down to 371 so far.',
        replyTo: id(4),
        taskId: sampleId('task', 1),
      },
    ],
    [4, { author: 'Kim', source: 'slack', text: '', deletedAt: ago(3) }],
    [2, { author: 'Mara Lindqvist', authorId: mara, text: 'Good. Next update at :53.', mirror: 'failed' }],
  ];
  return rows.map(([minutes, message], index) => ({
    id: id(index + 1),
    version: 1,
    incidentId: sampleIncidentIds.checkout,
    at: ago(minutes),
    recordedAt: ago(minutes),
    source: 'person',
    authorId: null,
    mentions: [],
    replyTo: null,
    editedAt: null,
    deletedAt: null,
    entryId: null,
    taskId: null,
    mirror: 'none',
    ...message,
  }));
}
