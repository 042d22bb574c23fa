// The reason of a grouping in a column's width. The whole sentence stays in the peek and in the title.

/**
 * `Same service "checkout" as 2 others, 42 s after the first; rule "…".` becomes `service checkout, +2, 42 s`.
 * A sentence that is built otherwise stays as it is.
 */
export function shortWhy(reason: string): string {
  const plain = (same: string): string => same.replaceAll('"', '');
  const joined = /^(?:Same (.+) as|Together with) (\d+) others?(?:, (.+) after the first)?; rule "/.exec(reason);
  if (joined !== null) {
    const [, same, others, delay] = joined;
    return [same === undefined ? 'together' : plain(same), `+${others}`, ...(delay === undefined ? [] : [delay])].join(
      ', ',
    );
  }
  const first = /^First alert(?: with (.+))?; rule "(.+)" opened/.exec(reason);
  if (first !== null) return first[1] === undefined ? `rule ${first[2]}, first` : `${plain(first[1])}, first`;
  const many = /^One of (\d+) alerts(?: with (.+?))? (?:within .+|that came together); rule "/.exec(reason);
  if (many !== null) return many[2] === undefined ? `first ${many[1]}` : `${plain(many[2])}, first ${many[1]}`;
  return reason;
}
