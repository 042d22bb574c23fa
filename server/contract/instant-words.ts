// An instant as a reader says it, for texts that are stored: "21 Nov 17:52 UTC".
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

export function instantWords(at: string): string {
  const date = new Date(Date.parse(at));
  const month = months[date.getUTCMonth()] ?? '';
  return `${date.getUTCDate()} ${month} ${at.slice(11, 16)} UTC`;
}
