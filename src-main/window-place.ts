// Where the window was, and where it may be now: screens come and go.
export interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
}

const smallest = { width: 480, height: 360 };

/** Pure: the saved place if enough of it to grab is on some screen, else the middle of the first; never larger than it. */
export function placeOnScreen(saved: Place | null, screens: readonly [Place, ...Place[]]): Place {
  const home = saved === null ? screens[0] : (screens.find((screen) => overlaps(saved, screen)) ?? screens[0]);
  const wanted = saved ?? { x: Number.NaN, y: Number.NaN, width: 1_280, height: 800 };
  const width = Math.max(smallest.width, Math.min(wanted.width, home.width));
  const height = Math.max(smallest.height, Math.min(wanted.height, home.height));
  if (saved === null || !overlaps(saved, home)) {
    return {
      x: home.x + Math.round((home.width - width) / 2),
      y: home.y + Math.round((home.height - height) / 2),
      width,
      height,
    };
  }
  return {
    x: clamp(saved.x, home.x, home.x + home.width - width),
    y: clamp(saved.y, home.y, home.y + home.height - height),
    width,
    height,
  };
}

function overlaps(place: Place, screen: Place): boolean {
  const across = Math.min(place.x + place.width, screen.x + screen.width) - Math.max(place.x, screen.x);
  const down = Math.min(place.y + place.height, screen.y + screen.height) - Math.max(place.y, screen.y);
  return across >= 100 && down >= 100;
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, Math.max(low, high)));
}
