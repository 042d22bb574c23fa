// What runs inside the measured page. Texts, because they are handed over before the page's own scripts.

/** From each key press to the end of the frame that followed it. */
export const watchKeys = `
  globalThis.keyToPaint = [];
  addEventListener('keydown', (event) => {
    const pressed = event.timeStamp;
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => globalThis.keyToPaint.push(performance.now() - pressed);
      channel.port2.postMessage(0);
    });
  }, true);
`;

/** When the first element of this kind was painted, in milliseconds since 1970. */
export function watchFirst(selector: string): string {
  return `
    globalThis.firstPaintedAt = null;
    {
      const look = () => {
        if (document.querySelector(${JSON.stringify(selector)}) === null) return requestAnimationFrame(look);
        const channel = new MessageChannel();
        channel.port1.onmessage = () => { globalThis.firstPaintedAt = performance.timeOrigin + performance.now(); };
        channel.port2.postMessage(0);
      };
      requestAnimationFrame(look);
    }
  `;
}

/** How many rows of the list stand in the document at once, looked at in every frame until rowsWatched is false. */
export const watchRowCount = `
  globalThis.rowsMax = 0;
  globalThis.rowsWatched = true;
  {
    const look = () => {
      if (!globalThis.rowsWatched) return;
      globalThis.rowsMax = Math.max(globalThis.rowsMax, document.querySelectorAll('.alert-scroll [role=row]').length);
      requestAnimationFrame(look);
    };
    look();
  }
`;

/** From what is typed, or the Escape that takes it away, to the end of the frame in which the list is another one. */
export const watchFilter = `
  globalThis.filterToPaint = [];
  {
    const count = () => document.querySelector('.alert-scroll')?.getAttribute('aria-rowcount') ?? 'none';
    const watch = (event) => {
      const typed = event.timeStamp;
      const before = count();
      const look = () => {
        if (count() === before) return requestAnimationFrame(look);
        const channel = new MessageChannel();
        channel.port1.onmessage = () => globalThis.filterToPaint.push(performance.now() - typed);
        channel.port2.postMessage(0);
      };
      requestAnimationFrame(look);
    };
    addEventListener('input', watch, true);
    // The page empties the field itself, which is no input event.
    addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && (event.target.value ?? '') !== '') watch(event);
    }, true);
  }
`;

/** Frames in which something was drawn on a canvas, by the second. */
export const watchCanvas = `
  globalThis.drawnAt = [];
  {
    const clear = CanvasRenderingContext2D.prototype.clearRect;
    let last = -1;
    CanvasRenderingContext2D.prototype.clearRect = function (...args) {
      const now = document.timeline.currentTime;
      if (now !== last) globalThis.drawnAt.push(performance.now());
      last = now;
      return clear.apply(this, args);
    };
  }
`;

/** The map opens as for the first time on this machine. */
export const forgetPlaces = `
  for (const name of Object.keys(localStorage)) if (name.startsWith('tocsin.map-places')) localStorage.removeItem(name);
`;

/** From when the map knows what to draw, and waits for its places or its program, to the end of the frame with its nodes. */
export const watchLayout = `
  globalThis.laidOutMs = null;
  {
    let began = null;
    const look = () => {
      if (document.querySelector('.map-working') !== null) began ??= performance.now();
      if (document.querySelector('.map-node') === null) return;
      watching.disconnect();
      // What was never waited for came with the nodes.
      began ??= performance.now();
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => { globalThis.laidOutMs = performance.now() - began; };
        channel.port2.postMessage(0);
      });
    };
    const watching = new MutationObserver(look);
    watching.observe(document, { childList: true, subtree: true });
  }
`;
