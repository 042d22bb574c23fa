// The reason of a grouping in a column's width. The whole sentence stays in the peek and in the title.
import { t } from '../../language/words.ts';

/**
 * `Same service “checkout” as 2 others, 42 s after the first; rule “…”.` becomes `service checkout, +2, 42 s`, and `same
 * service, +2, 42 s` beside the service itself. A sentence that is built otherwise stays as it is. Older servers wrote
 * straight quotes.
 */
export function shortWhy(reason: string, service = ''): string {
  const joined = /^(?:Same (.+) as|Together with) (\d+) others?(?:, (.+) after the first)?; rule ["“]/.exec(reason);
  if (joined !== null) {
    const [, same, others, delay] = joined;
    const what = same === undefined ? t`together` : isOnly(same, service) ? t`same service` : plain(same);
    return [what, `+${others}`, ...(delay === undefined ? [] : [delay])].join(', ');
  }
  const first = /^First alert(?: with (.+))?; rule ["“](.+)["”] opened/.exec(reason);
  if (first !== null) {
    if (first[1] === undefined) return t`rule ${first[2]}, first`;
    return isOnly(first[1], service) ? t`by service, first` : t`${plain(first[1])}, first`;
  }
  const many = /^One of (\d+) alerts(?: with (.+?))? (?:within .+|that came together); rule ["“]/.exec(reason);
  if (many !== null) {
    if (many[2] === undefined) return t`first ${many[1]}`;
    return isOnly(many[2], service) ? t`by service, first ${many[1]}` : t`${plain(many[2])}, first ${many[1]}`;
  }
  return connectedWhy(reason, service) ?? reason;
}

/** `“checkout” depends on “payments”, where an alert fires (…), 3 s after the first; rule “…”.` */
function connectedWhy(reason: string, service: string): string | null {
  const parts = /^(.+?)(?: \(.+\))?(?:, ([^,]+) after the first)?; rule ["“]/.exec(reason);
  if (parts === null) return null;
  const [, how = '', delay] = parts;
  const after = delay === undefined ? '' : `, ${delay}`;
  const [one, other, common] = [...how.matchAll(/["“](.+?)["”]/g)].map(([, name = '']) => name);
  if (one === undefined || [one, other].every((name) => name !== service)) return null;
  if (/^["“].+["”] depends on ["“].+["”], where an alert fires$/.test(how)) return t`depends on ${other}` + after;
  if (/^["“].+["”], where an alert fires, depends on ["“].+["”]$/.test(how)) return t`${one} depends on it` + after;
  if (/^["“].+["”] and ["“].+["”], where an alert fires, both depend on ["“].+["”]$/.test(how))
    return t`as ${other}, depends on ${common}` + after;
  return /^Another alert on ["“].+["”] is in the incident$/.test(how) ? t`same service` + after : null;
}

/** The service that stands beside it anyway, and nothing else. */
function isOnly(same: string, service: string): boolean {
  return service !== '' && plain(same) === `service ${plain(service)}`;
}

function plain(same: string): string {
  return same.replaceAll(/["“”]/g, '');
}
