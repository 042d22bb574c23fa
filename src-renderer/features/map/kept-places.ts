// Where the nodes of each picture stood, kept on this machine: a map that was opened once shows at once, and as it was.
import { z } from 'zod';
import { personalKey } from '../../personal-state.ts';
import type { Places } from '../../ui/graph/places.ts';

export interface KeptPlaces {
  of(scene: string): Places | undefined;
  keep(scene: string, places: Places): void;
  forget(scene: string): void;
}

/** The pictures looked at last; each service and every depth around it is one. */
const scenesMax = 12;

const Stored = z.array(z.tuple([z.string(), z.array(z.tuple([z.string(), z.number(), z.number()]))]));

export function createKeptPlaces(storage: Pick<Storage, 'getItem' | 'setItem'>, serverUrl: string): KeptPlaces {
  const name = personalKey('map-places', serverUrl);
  const scenes = read(storage.getItem(name));

  function write(): void {
    const stored: z.infer<typeof Stored> = [...scenes].map(([scene, places]) => [
      scene,
      [...places].map(([id, { x, y }]) => [id, x, y]),
    ]);
    try {
      storage.setItem(name, JSON.stringify(stored));
    } catch {
      // No room is left: the places hold as long as the window.
    }
  }

  return {
    of: (scene) => scenes.get(scene),
    keep(scene, places) {
      // The one kept last stands last.
      scenes.delete(scene);
      scenes.set(scene, places);
      for (const oldest of scenes.keys()) {
        if (scenes.size <= scenesMax) break;
        scenes.delete(oldest);
      }
      write();
    },
    forget(scene) {
      scenes.delete(scene);
      write();
    },
  };
}

function read(text: string | null): Map<string, Places> {
  try {
    const stored = Stored.parse(JSON.parse(text ?? '[]'));
    return new Map(stored.map(([scene, places]) => [scene, new Map(places.map(([id, x, y]) => [id, { x, y }]))]));
  } catch {
    return new Map();
  }
}
