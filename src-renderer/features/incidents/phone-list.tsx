import { t } from '../../language/words.ts';
import { useMe, useNameOf, useTable } from '../../session.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { phonesOf } from './escalate-facts.ts';
import './phone-list.css';

/** What works without a server: people to call, with the numbers kept on this machine. */
export function PhoneList({ userIds, label }: { userIds: readonly string[]; label: string }) {
  const me = useMe();
  const nameOf = useNameOf();
  const responders = useTable('responder').rows;
  return (
    <ul className="phone-list" aria-label={label}>
      {phonesOf(userIds, responders).map(({ userId, numbers }) => (
        <li key={userId} className="row">
          <Avatar name={nameOf(userId)} me={userId === me.id} />
          <span className="grow clip medium">{userId === me.id ? t`You` : nameOf(userId)}</span>
          {numbers.length === 0 ? <span className="muted">{t`no number known here`}</span> : null}
          {numbers.map((number) => (
            <a key={number} className="mono" href={`tel:${number}`}>
              {number}
            </a>
          ))}
        </li>
      ))}
    </ul>
  );
}
