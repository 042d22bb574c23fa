// Ids of the sample's rows. They carry the kind's place in the list, so that they are readable in a test.
const places = [
  'user',
  'integration',
  'incident',
  'task',
  'timeline',
  'change',
  'alert',
  'link',
  'paging',
  'ask',
  'poll',
  'participant',
  'chat',
  'service',
  'update',
  'review',
] as const;

export const samplePeople = {
  priya: sampleId('user', 1),
  mara: sampleId('user', 2),
  diego: sampleId('user', 3),
  tomasz: sampleId('user', 4),
  lucia: sampleId('user', 5),
  kenji: sampleId('user', 6),
};
export const sampleIncidentIds = {
  checkout: sampleId('incident', 2041),
  search: sampleId('incident', 2042),
  refunds: sampleId('incident', 2043),
  cart: sampleId('incident', 2038),
  mail: sampleId('incident', 2036),
};

export function sampleId(kind: (typeof places)[number], number: number): string {
  return `00000000-0000-7000-8${String(places.indexOf(kind)).padStart(3, '0')}-${String(number).padStart(12, '0')}`;
}

export function samplePagingId(number: number): string {
  return sampleId('paging', number);
}

export const samplePagingIds = {
  payments: samplePagingId(1),
  search: samplePagingId(2),
  platform: samplePagingId(3),
  weekly: samplePagingId(11),
  office: samplePagingId(12),
  policy: samplePagingId(21),
};

export function sampleReviewId(number: number): string {
  return sampleId('review', number);
}
