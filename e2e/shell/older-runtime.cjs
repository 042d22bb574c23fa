// What Chromium 83 and Node 12 lack of the language's library, for the shell smoke test only: the shipped app runs on
// the current Electron. Loaded by the driver and, in builds of mode smoke, by the page before its own scripts.
(() => {
  const define = (target, methods) => {
    for (const [name, value] of Object.entries(methods)) {
      if (!(name in target)) Object.defineProperty(target, name, { value, writable: true, configurable: true });
    }
  };
  const at = function (index) {
    const place = Math.trunc(index) || 0;
    return this[place < 0 ? this.length + place : place];
  };
  const typedArray = Object.getPrototypeOf(Uint8Array.prototype);
  define(Object, {
    hasOwn: (object, key) => Object.prototype.hasOwnProperty.call(object, key),
    groupBy: (items, keyOf) => {
      const groups = Object.create(null);
      let place = 0;
      for (const item of items) (groups[keyOf(item, place++)] = groups[keyOf(item, place - 1)] || []).push(item);
      return groups;
    },
  });
  define(Map, {
    groupBy: (items, keyOf) => {
      const groups = new Map();
      let place = 0;
      for (const item of items) {
        const key = keyOf(item, place++);
        if (groups.has(key)) groups.get(key).push(item);
        else groups.set(key, [item]);
      }
      return groups;
    },
  });
  define(Array.prototype, {
    at,
    toSorted(compare) {
      return [...this].sort(compare);
    },
    toReversed() {
      return [...this].reverse();
    },
    toSpliced(...args) {
      const copy = [...this];
      copy.splice(...args);
      return copy;
    },
    with(index, value) {
      const copy = [...this];
      copy[index < 0 ? copy.length + index : index] = value;
      return copy;
    },
    findLast(test) {
      for (let place = this.length - 1; place >= 0; place -= 1) if (test(this[place], place, this)) return this[place];
      return undefined;
    },
    findLastIndex(test) {
      for (let place = this.length - 1; place >= 0; place -= 1) if (test(this[place], place, this)) return place;
      return -1;
    },
  });
  define(typedArray, { at });
  define(String.prototype, {
    at,
    replaceAll(search, replacement) {
      return search instanceof RegExp
        ? this.replace(search, replacement)
        : this.split(search).join(typeof replacement === 'function' ? replacement(search) : replacement);
    },
    matchAll(pattern) {
      const found = [];
      this.replace(pattern, (...args) => {
        const groups = args.filter((arg) => typeof arg === 'string').slice(0, -1);
        found.push(Object.assign(groups, { index: args.find((arg) => typeof arg === 'number') }));
        return '';
      });
      return found[Symbol.iterator]();
    },
    isWellFormed: () => true,
    toWellFormed() {
      return String(this);
    },
  });
  define(Intl, { supportedValuesOf: () => ['UTC', 'Europe/Berlin'] });
  define(Promise, {
    withResolvers() {
      const made = {};
      made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
      return made;
    },
    any: (promises) =>
      new Promise((resolve, reject) => {
        const all = [...promises];
        let left = all.length;
        for (const one of all) {
          Promise.resolve(one).then(resolve, () => (left -= 1) === 0 && reject(new Error('all were rejected')));
        }
      }),
  });
  const setMethods = {
    union(other) {
      return new Set([...this, ...other.keys()]);
    },
    difference(other) {
      return new Set([...this].filter((item) => !other.has(item)));
    },
    intersection(other) {
      return new Set([...this].filter((item) => other.has(item)));
    },
  };
  define(Set.prototype, setMethods);
  if (typeof URL === 'function') {
    define(URL, {
      canParse: (text, base) => {
        try {
          return Boolean(new URL(text, base));
        } catch {
          return false;
        }
      },
    });
  }
  define(globalThis, {
    structuredClone: (value) => (value === undefined ? undefined : JSON.parse(JSON.stringify(value))),
    reportError: (error) => console.error(error),
    WeakRef: class {
      constructor(target) {
        this.target = target;
      }
      deref() {
        return this.target;
      }
    },
    FinalizationRegistry: class {
      register() {}
      unregister() {}
    },
  });
  if (typeof AbortSignal === 'function') {
    const abortWith = (controller, reason) => {
      controller.signal.reason = reason;
      controller.abort();
    };
    define(AbortSignal, {
      timeout: (ms) => {
        const controller = new AbortController();
        setTimeout(() => abortWith(controller, new Error('timed out')), ms);
        return controller.signal;
      },
      any: (signals) => {
        const controller = new AbortController();
        for (const signal of signals) {
          if (signal.aborted) controller.abort();
          else signal.addEventListener('abort', () => abortWith(controller, signal.reason));
        }
        return controller.signal;
      },
    });
    define(AbortSignal.prototype, {
      throwIfAborted() {
        if (this.aborted) throw this.reason || new Error('aborted');
      },
    });
  }
  if (typeof Element === 'function') {
    define(Element.prototype, {
      replaceChildren(...nodes) {
        while (this.firstChild) this.firstChild.remove();
        this.append(...nodes);
      },
      checkVisibility() {
        return this.getClientRects().length > 0;
      },
    });
  }
  if (typeof crypto === 'object') {
    define(crypto, {
      randomUUID: () =>
        '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (digit) =>
          (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16),
        ),
    });
  }
})();
