import type { ReactNode } from 'react';
import { t } from '../../language/words.ts';
import { Split } from '../../ui/split.tsx';

interface RoomColumnsProps {
  timeline: ReactNode;
  talk: ReactNode;
  side: ReactNode;
}

/** Three columns; in a narrow window the first two stand under each other, and on a phone all of them. */
export function RoomColumns({ timeline, talk, side }: RoomColumnsProps) {
  return (
    <Split
      name="room-side"
      className="room-columns flows"
      label={t`Width of roles, tasks and updates`}
      sized="end"
      size={372}
      share={0.18}
      least={{ start: 300, end: 280 }}
      stackAt={640}
      start={
        <Split
          name="room-timeline"
          className="room-two flows"
          label={t`Width of the timeline`}
          sized="start"
          size={408}
          share={0.21}
          least={{ start: 280, end: 280 }}
          stackAt={1180}
          start={timeline}
          end={talk}
        />
      }
      end={side}
    />
  );
}
