// What a person left on this machine beside the copy of the server's data: preferences, what a wall may name, recent
// choices. Each stands under a name that ends with its server, so that none shows at another and a sign-out finds all.

/** Of 0.1.0, which kept one server and did not name it. */
const unnamed: readonly string[] = ['tocsin.preferences', 'tocsin.wall-names', 'tocsin.single-keys'];

/** False where the browser has no room left, or keeps nothing: then it holds as long as the window, and nothing else stops for it. */
export function keepText(storage: Pick<Storage, 'setItem'>, name: string, text: string): boolean {
  try {
    storage.setItem(name, text);
    return true;
  } catch {
    return false;
  }
}

export function personalKey(name: string, serverUrl: string): string {
  return `tocsin.${name} ${serverUrl}`;
}

/** Everything of whoever was signed in there. The theme stays: it is the room's, not the person's. */
export function forgetPersonal(storage: Storage, serverUrl: string): void {
  const names = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '');
  for (const name of names) {
    const [kind, server] = name.split(' ');
    if (unnamed.includes(name) || (kind?.startsWith('tocsin.') === true && server === serverUrl))
      storage.removeItem(name);
  }
}
