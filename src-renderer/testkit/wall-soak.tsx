// The wall alone over a busy day of the sample, with no server and whatever clock the page has: e2e/wall-soak.spec.ts.
import { thisCenter } from '#server/contract/client.ts';
import { createRoot } from 'react-dom/client';
import { v7 } from 'uuid';
import { createHost } from '../api/host.ts';
import { WarRoomScreen } from '../features/war-room/war-room-screen.tsx';
import { createMemoryStorage } from '../replica/storage/memory-storage.ts';
import { systemRandom } from '../replica/random.ts';
import { createReplica } from '../replica/replica.ts';
import { RedrawPace, type Session, SessionProvider } from '../session.tsx';
import { after, deviceNow } from '../time.ts';
import '../ui/tokens.css';
import '../ui/base.css';
import { samplePeople } from './sample-ids.ts';
import { sampleChanges } from './sample-state.ts';
import { createSoakFeed } from './soak-feed.ts';

const me = {
  id: samplePeople.priya,
  name: 'Priya Raman',
  login: 'priya',
  role: 'viewer' as const,
  teamIds: [],
  organisationName: 'larkspur-prod',
};
const startedAt = deviceNow();
const feed = createSoakFeed(startedAt);
let place = 1;

const replica = createReplica({
  handshake: async () => ({ ...thisCenter('0.1.0'), name: '', serverNow: new Date(startedAt).toISOString() }),
  storage: createMemoryStorage(),
  me,
  uuid: v7,
  now: deviceNow,
  after,
  random: systemRandom,
  onServerTime: () => undefined,
  news: () => undefined,
  send: async () => ({ kind: 'unreachable' }),
  transport: {
    snapshotPage: async () => ({
      position: `1.${place}`,
      serverNow: new Date(deviceNow()).toISOString(),
      // Its own incidents would stay open all day.
      changes: sampleChanges(startedAt).filter(
        ({ entity }) => !['incident', 'timeline', 'alert', 'ask'].includes(entity),
      ),
      next: null,
    }),
    open(_position, handlers) {
      let closed = false;
      const beat = (): void => {
        if (closed) return;
        const moments = feed.until(deviceNow());
        // One message a moment, as a center sends them; a heartbeat where nothing happened.
        for (const changes of moments.length > 0 ? moments : [[]]) {
          const previous = `1.${place}`;
          if (changes.length > 0) place += 1;
          const serverNow = new Date(deviceNow()).toISOString();
          handlers.message({ previous, position: `1.${place}`, serverNow, changes, reset: null });
        }
        after(2_000, beat);
      };
      after(10, beat);
      return () => {
        closed = true;
      };
    },
  },
});

const session: Session = {
  me,
  serverUrl: 'http://127.0.0.1:7300',
  serverName: 'larkspur-prod',
  // The wall asks for nothing beside the replica.
  api: undefined as unknown as Session['api'],
  host: createHost(window),
  replica,
  uuid: v7,
  signOut: async () => undefined,
  onNews: () => () => undefined,
};

const root = document.querySelector('#root');
if (root !== null) {
  createRoot(root).render(
    <SessionProvider session={session}>
      <WarRoomScreen params={{}} query={new URLSearchParams()} />
      <RedrawPace />
    </SessionProvider>,
  );
}
void replica.start();
