import { paths } from '../../paths.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';

interface WallControlsProps {
  held: boolean;
  onHold: () => void;
  onStep: (by: number) => void;
  namesAllowed: boolean;
  onNames: () => void;
}

/** For whoever stands before it with a mouse or a keyboard; hidden until it is pointed at or focused. */
export function WallControls({ held, onHold, onStep, namesAllowed, onNames }: WallControlsProps) {
  return (
    <div className="wall-controls" role="toolbar" aria-label="War room">
      <a className="button" href={paths.now()}>
        <Icon name="close" small />
        Leave
      </a>
      <Button onPress={() => onStep(-1)}>Previous</Button>
      <Button command="wall.hold" onPress={onHold}>
        {held ? 'Let it rotate' : 'Hold'}
      </Button>
      <Button onPress={() => onStep(1)}>Next</Button>
      <Button command="wall.names" onPress={onNames}>
        {namesAllowed ? 'Hide names' : 'Show names'}
      </Button>
      <Button
        icon="full-screen"
        command="wall.full-screen"
        onPress={() => void document.documentElement.requestFullscreen?.()}
      >
        Full screen
      </Button>
      <a className="button" href={paths.settings('wall')}>
        Display size
      </a>
    </div>
  );
}
