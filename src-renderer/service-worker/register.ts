/** In a browser, so that a reload works without the network; the desktop app brings its page with it. */
export function keepPage(window: Window): void {
  const { navigator, document, location } = window;
  if (!('serviceWorker' in navigator) || !location.protocol.startsWith('http')) return;
  // Only what is built has the files' list beside it.
  if (document.querySelector('script[src*="/assets/"]') === null) return;
  // After the first paint: what is on screen now comes first.
  window.addEventListener('load', () => void navigator.serviceWorker.register('./sw.js').catch(() => undefined));
}
