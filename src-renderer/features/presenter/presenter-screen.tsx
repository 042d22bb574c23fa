import { useEffect, useMemo, useState } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import { plural, t } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import type { ScreenProps } from '../../screen-props.ts';
import { useFreshness, useReplica, useSession, useTable } from '../../session.tsx';
import { deviceNow } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { useCommands } from '../../ui/commands.ts';
import { Freshness } from '../../ui/freshness.tsx';
import { Mark } from '../../ui/mark.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { codeOf, openIncidents } from '../incidents/incident-facts.ts';
import { useWallLink } from '../war-room/use-wall-link.ts';
import { type PictureId, pictureIds } from '../war-room/wall-plan.ts';
import { isApartWindow } from '../war-room/wall-address.ts';
import './presenter.css';
import { type Leading, leadOf, nextPicture, pictureNames, picturesOf, startLeading } from './leading.ts';
import { WallList } from './wall-list.tsx';

const nameChoices = [
  { value: 'own', label: t`As each wall` },
  { value: 'hidden', label: t`Hidden` },
  { value: 'shown', label: t`Shown` },
] as const;

/** Drives every wall of this browser or app from another window. The walls let go when it closes or falls silent. */
export function PresenterScreen({ query }: ScreenProps) {
  const { uuid } = useSession();
  const ready = useReplica((state) => state.ready);
  const incidents = useTable('incident');
  const { link, state } = useWallLink();
  const [id] = useState(uuid);
  const [leading, setLeading] = useState<Leading>(() => startLeading(deviceNow()));
  const open = useMemo(() => openIncidents(incidents.rows.values()), [incidents]);
  const { walls, lead } = state;
  const taken = lead !== null && lead.id !== id;
  const there = picturesOf(walls);
  const apart = isApartWindow('/presenter', query);

  // As text: saying the same again is no news.
  const said = JSON.stringify(
    leadOf(
      id,
      leading,
      open.map((incident) => incident.id),
    ),
  );
  useEffect(() => link.speak(JSON.parse(said) as ReturnType<typeof leadOf>), [link, said]);

  const change = (by: Partial<Leading>): void => setLeading((old) => ({ ...old, ...by }));
  const show = (picture: PictureId | null): void => change({ picture, held: false });
  const step = (by: number): void =>
    change({ picture: nextPicture(leading.picture ?? walls[0]?.picture ?? null, there, by) });
  const hold = (): void => change(leading.picture === null ? { held: !leading.held } : { picture: null, held: false });
  const leave = (): void => (apart ? window.close() : navigate(paths.now()));
  const holds = leading.held || leading.picture !== null;
  // What is held already can be let go: a wall that opens later would begin with it.
  const cannotHold = walls.length === 0 && !holds ? t`No wall is open.` : null;
  const cannotStep = there.length === 0 ? t`No wall has a picture now.` : null;
  useCommands([
    { id: 'back', label: t`stop presenting`, group: 'Presenter', run: leave },
    {
      id: 'wall.hold',
      label: t`hold the picture, or let it turn`,
      group: 'Presenter',
      unavailable: cannotHold,
      run: hold,
    },
    { id: 'wall.next', label: t`next picture`, group: 'Presenter', unavailable: cannotStep, run: () => step(1) },
    {
      id: 'wall.previous',
      label: t`previous picture`,
      group: 'Presenter',
      unavailable: cannotStep,
      run: () => step(-1),
    },
  ]);
  const freshness = useFreshness();
  if (!ready) return null;
  return (
    <main className="presenter" aria-label={t`Presenter`}>
      <header className="presenter-head">
        <h1 className="title">{t`Presenter`}</h1>
        <span className="muted">{wallsWords(walls.length)}</span>
        <span className="grow" />
        <Freshness value={freshness} />
        <Button icon="close" onPress={leave}>
          {t`Stop presenting`}
        </Button>
      </header>
      {taken ? (
        <div className="problem hatch" role="status">
          <Mark kind="unknown" label={t`Taken over`} />
          <div className="grow">
            <div className="strong">{t`Another window presents now`}</div>
            <div className="muted small-text">
              {t`What is chosen here changes nothing until this window takes over again.`}
            </div>
          </div>
          <Button compact onPress={() => change({ since: deviceNow() })}>
            {t`Take over`}
          </Button>
        </div>
      ) : null}
      {walls.length === 0 ? <NoWalls apart={apart} /> : null}
      <div className="presenter-body">
        <div className="presenter-column">
          <Panel title={t`Picture`} label={t`Picture`}>
            <div className="presenter-pictures" role="group" aria-label={t`Picture on the walls`}>
              {pictureIds.map((picture) => (
                <Button
                  key={picture}
                  look={leading.picture === picture ? 'primary' : 'plain'}
                  unavailable={there.includes(picture) ? null : t`Nothing is in it now, or no wall turns to it.`}
                  onPress={() => show(picture)}
                >
                  {pictureNames[picture]}
                </Button>
              ))}
            </div>
            <div className="row presenter-turning">
              <Button onPress={() => step(-1)} unavailable={cannotStep}>
                {t`Previous`}
              </Button>
              <Button command="wall.hold" onPress={hold} look={holds ? 'primary' : 'plain'} unavailable={cannotHold}>
                {holds ? t`Let it turn` : t`Hold`}
              </Button>
              <Button onPress={() => step(1)} unavailable={cannotStep}>
                {t`Next`}
              </Button>
              <span className="muted small-text">
                {walls.length === 0 ? null : turningWords(leading, there.length)}
              </span>
            </div>
          </Panel>
          <Panel title={t`Names and what people wrote`} label={t`Names`}>
            <div className="presenter-names">
              <Segmented
                label={t`Names on the walls`}
                options={nameChoices}
                value={leading.names === null ? 'own' : leading.names ? 'shown' : 'hidden'}
                onChange={(value) => change({ names: value === 'own' ? null : value === 'shown' })}
              />
              <p className="muted small-text">
                {t`Shown, everybody who passes reads who does what, and the notes of the room.`}
              </p>
            </div>
          </Panel>
          <Panel title={t`Walls`} count={walls.length === 0 ? undefined : walls.length} label={t`Walls`}>
            <WallList walls={walls} incidents={incidents.rows} />
          </Panel>
        </div>
        <Panel title={t`Incident`} count={open.length} label={t`Incident`}>
          <ul className="presenter-incidents">
            <li>
              <Choice chosen={leading.focus === null} onPress={() => change({ focus: null })}>
                <span className="strong">{t`All of severity 1 and 2, the worst first`}</span>
              </Choice>
            </li>
            {open.map((incident) => (
              <li key={incident.id}>
                <Choice chosen={leading.focus === incident.id} onPress={() => change({ focus: incident.id })}>
                  <IncidentLine incident={incident} />
                </Choice>
              </li>
            ))}
          </ul>
        </Panel>
      </div>
    </main>
  );
}

function NoWalls({ apart }: { apart: boolean }) {
  return (
    <div className="problem" role="status">
      <Mark kind="unknown" label={t`No wall`} />
      <div className="grow">
        <div className="strong">{t`No wall is open in this browser or app`}</div>
        <div className="muted small-text">
          {t`Walls of other machines are not driven from here. Open one on a display of this machine: Settings, War room.`}
        </div>
      </div>
      {apart ? null : (
        <a className="button" href={paths.settings('wall')}>
          {t`Displays`}
        </a>
      )}
    </div>
  );
}

function Choice({ chosen, onPress, children }: { chosen: boolean; onPress: () => void; children: React.ReactNode }) {
  return (
    <button type="button" className="presenter-choice" aria-pressed={chosen} onClick={onPress}>
      {children}
    </button>
  );
}

function IncidentLine({ incident }: { incident: Incident }) {
  return (
    <>
      <Mark kind={incident.severity} />
      <span className="clip grow">{incident.title}</span>
      <span className="mono muted">{codeOf(incident)}</span>
    </>
  );
}

function wallsWords(count: number): string {
  if (count === 0) return t`drives no wall`;
  return t`${plural(count, { one: 'drives 1 wall', other: 'drives # walls' })}`;
}

function turningWords({ picture, held }: Leading, pictures: number): string {
  if (picture !== null) return t`It stays on this picture.`;
  if (pictures < 2) return t`There is nothing to turn to.`;
  return held ? t`It stays where it is.` : t`It turns every 20 seconds.`;
}
