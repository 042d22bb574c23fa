import { t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { Button } from '../../ui/button.tsx';

interface WallControlsProps {
  held: boolean;
  onHold: () => void;
  onStep: (by: number) => void;
  namesAllowed: boolean;
  onNames: () => void;
  onLeave: () => void;
  /** The window is this wall's and goes nowhere else. */
  locked: boolean;
}

/** For whoever stands before it with a mouse or a keyboard; hidden until it is pointed at or focused. */
export function WallControls({ held, onHold, onStep, namesAllowed, onNames, onLeave, locked }: WallControlsProps) {
  return (
    <div className="wall-controls" role="toolbar" aria-label={t`War room`}>
      <Button icon="close" onPress={onLeave}>
        {locked ? t`Close` : t`Leave`}
      </Button>
      <Button onPress={() => onStep(-1)}>{t`Previous`}</Button>
      <Button command="wall.hold" onPress={onHold}>
        {held ? t`Let it rotate` : t`Hold`}
      </Button>
      <Button onPress={() => onStep(1)}>{t`Next`}</Button>
      <Button command="wall.names" onPress={onNames}>
        {namesAllowed ? t`Hide names` : t`Show names`}
      </Button>
      {locked ? null : (
        <>
          <Button
            icon="full-screen"
            command="wall.full-screen"
            onPress={() => void document.documentElement.requestFullscreen?.()}
          >
            {t`Full screen`}
          </Button>
          <a className="button" href={paths.presenter()}>
            {t`Present`}
          </a>
          <a className="button" href={paths.settings('wall')}>
            {t`Display size`}
          </a>
        </>
      )}
    </div>
  );
}
