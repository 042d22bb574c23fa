import type { Incident, RoleSlot } from '#server/contract/incident.ts';
import { roleAtLeast } from '#server/contract/people.ts';
import { rich } from '../../language/rich.ts';
import { t, term } from '../../language/words.ts';
import { useCan, useMe, useNameOf, useSubmit } from '../../session.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Time } from '../../ui/time.tsx';
import { rolesShown } from './role-slots.ts';
import type { RoomDialog } from './room-dialog.ts';

/** The named roles always show, filled or not; a gap is a dashed ring, never a blank. */
export function RoomRoles({ incident, onDialog }: { incident: Incident; onDialog: (dialog: RoomDialog) => void }) {
  const can = useCan();
  const slots = rolesShown(incident);
  const open = slots.filter((slot) => slot.userId === null).length;
  return (
    <section className="separator">
      <div className="room-head">
        <h2>{t`Roles`}</h2>
        <span className="count">{open === 0 ? t`all filled` : t`${open} open`}</span>
        <span className="grow" />
        <Button
          look="ghost"
          compact
          command="role"
          unavailable={can('incident.take-role', incident)}
          onPress={() => onDialog({ kind: 'role' })}
        >
          {t`Take or add`}
        </Button>
      </div>
      <ul>
        {slots.map((slot) => (
          <RoleLine key={slot.role} incident={incident} slot={slot} onDialog={onDialog} />
        ))}
      </ul>
    </section>
  );
}

function RoleLine({
  incident,
  slot,
  onDialog,
}: {
  incident: Incident;
  slot: RoleSlot;
  onDialog: (dialog: RoomDialog) => void;
}) {
  const me = useMe();
  const nameOf = useNameOf();
  const can = useCan();
  const submit = useSubmit();
  const { role, userId, offer } = slot;
  const incidentId = incident.id;
  const mine = userId === me.id;
  const forMe = offer !== null && offer.to === me.id;
  // A held role changes hands only when its holder, or a manager, offers it and the other accepts.
  const theirs =
    mine || userId === null || roleAtLeast(me.role, 'manager')
      ? null
      : t`Only ${nameOf(userId)} or a manager can. Ask for it to be offered to you.`;
  return (
    <li className={forMe ? 'role-line offered' : 'role-line'}>
      <span className="muted role-name clip">{term(role)}</span>
      <span className="row role-person">
        <Avatar name={userId === null ? null : nameOf(userId)} me={mine} />
        <span className="stack">
          <span className={userId === null ? 'clip muted' : 'clip'}>
            {mine ? t`You` : userId === null ? t`Nobody yet` : nameOf(userId)}
          </span>
          {offer === null ? null : (
            <span className="small-text muted clip">
              {!forMe
                ? t`offered to ${nameOf(offer.to)}`
                : offer.by === userId
                  ? t`offers it to you`
                  : t`offered by ${nameOf(offer.by)}`}
            </span>
          )}
        </span>
      </span>
      {forMe ? (
        <span className="row role-answer">
          <Button
            compact
            look="primary"
            unavailable={can('incident.accept-role', incident)}
            onPress={() =>
              (offer.briefing ?? null) === null
                ? void submit({ kind: 'incident.accept-role', incidentId, role })
                : onDialog({ kind: 'briefing', role })
            }
          >
            {(offer.briefing ?? null) === null ? t`Accept` : t`Read briefing`}
          </Button>
          <Button
            compact
            unavailable={can('incident.decline-role', incident)}
            onPress={() => void submit({ kind: 'incident.decline-role', incidentId, role })}
          >
            {t`Decline`}
          </Button>
        </span>
      ) : userId === null ? (
        <Button
          compact
          unavailable={can('incident.take-role', incident)}
          onPress={() => void submit({ kind: 'incident.take-role', incidentId, role })}
        >
          {t`Take`}
        </Button>
      ) : (
        <span className="row role-since">
          <span className="small-text faint nowrap">
            {slot.since === null ? null : rich`since ${<Time at={slot.since} />}`}
          </span>
          <Menu
            label={t`Role ${term(role)}`}
            trigger={<Button look="ghost" compact icon="dots" aria-label={t`Role ${term(role)}: more`} />}
            actions={[
              {
                id: 'offer',
                label: mine ? t`Hand over to…` : t`Offer to…`,
                unavailable: can('incident.offer-role', incident) ?? theirs,
                run: () => onDialog({ kind: 'offer', role }),
              },
              {
                id: 'release',
                label: t`Release`,
                unavailable: can('incident.release-role', incident) ?? theirs,
                run: () => void submit({ kind: 'incident.release-role', incidentId, role }),
              },
            ]}
          />
        </span>
      )}
    </li>
  );
}
