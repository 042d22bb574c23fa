import type { ReactNode } from 'react';

/** Outline glyphs on a 16 px grid, stroked with the current ink. */
const shapes = {
  alerts: <path d="M3.2 11.5c.9-1 1.3-2.2 1.3-4.5a3.5 3.5 0 0 1 7 0c0 2.3.4 3.5 1.3 4.5zM6.5 14h3" />,
  now: <path d="M1.5 8h2.8l2-5 3.2 10 2-5h3" />,
  incidents: <path d="M8 1.8 14.5 13.5h-13zM8 6.2v3.3M8 11.6v.01" />,
  group: (
    <>
      <circle cx="3.5" cy="8" r="1.9" />
      <circle cx="12.3" cy="3.6" r="1.9" />
      <circle cx="12.3" cy="12.4" r="1.9" />
      <path d="m5.2 7.1 5.4-2.6M5.2 8.9l5.4 2.6" />
    </>
  ),
  timeline: <path d="M2 3.8h6M5 8h8M2 12.2h4M10.5 12.2H13" />,
  'phone-call': (
    <path d="M5.3 2 3 2.6c-.6.2-1 .7-.9 1.3.5 5 4.9 9.4 10 10 .6.1 1.1-.3 1.3-.9l.6-2.3-3-1.5-1.3 1.5C7.6 9.8 6.3 8.5 5.4 6.4l1.5-1.3z" />
  ),
  review: <path d="M3.5 1.8h6l3 3v9.4h-9zM5.8 9.2l1.6 1.6 2.8-3.2" />,
  inbox: <path d="M2 9.2 4 3h8l2 6.2v3.8H2zM2 9.2h3.6c.2 1.2 1.1 2 2.4 2s2.2-.8 2.4-2H14" />,
  wall: <path d="M1.8 2.8h12.4v8.4H1.8zM5.5 14h5M8 11.2V14" />,
  settings: (
    <>
      <path d="M2 4.5h6M11.5 4.5H14M2 11.5h2.5M8 11.5h6" />
      <circle cx="9.8" cy="4.5" r="1.7" />
      <circle cx="6.2" cy="11.5" r="1.7" />
    </>
  ),
  search: (
    <>
      <circle cx="7" cy="7" r="4.3" />
      <path d="m10.3 10.3 3.2 3.2" />
    </>
  ),
  'chevron-down': <path d="m5 6.5 3 3 3-3" />,
  'chevron-right': <path d="m6.5 5 3 3-3 3" />,
  arrow: <path d="M3 8h10M9.5 4.5 13 8l-3.5 3.5" />,
  copy: <path d="M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3" />,
  external: <path d="M9 3h4v4M13 3 7.5 8.5M11.5 9.5v3.5h-8.5V4.5H6.5" />,
  plus: <path d="M8 3.5v9M3.5 8h9" />,
  close: <path d="m4.5 4.5 7 7M11.5 4.5l-7 7" />,
  check: <path d="m3.5 8.5 3 3 6-6.5" />,
  clock: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 4.8V8l2.2 1.5" />
    </>
  ),
  timer: (
    <>
      <circle cx="8" cy="9" r="5.2" />
      <path d="M8 6.3V9l1.7 1.2M6.5 1.8h3" />
    </>
  ),
  task: <path d="M2.8 2.8h10.4v10.4H2.8z" />,
  'task-done': <path d="M2.8 2.8h10.4v10.4H2.8zM5.3 8.2l2 2 3.5-4" />,
  note: <path d="M2.5 3h11v8H7.5L4.5 13.5V11h-2z" />,
  person: (
    <>
      <circle cx="8" cy="5.3" r="2.5" />
      <path d="M3 13.5c.4-2.7 2.3-4 5-4s4.6 1.3 5 4" />
    </>
  ),
  send: <path d="M8 13V3.5M4.3 7.2 8 3.5l3.7 3.7" />,
  change: (
    <>
      <circle cx="8" cy="8" r="2.6" />
      <path d="M1.5 8h3.9M10.6 8h3.9" />
    </>
  ),
  log: <path d="M2.5 4h11M2.5 8h11M2.5 12h7" />,
  chart: <path d="M2.5 2.5v11h11M5 10.5l2.5-3.5 2 2 3.5-5" />,
  update: <path d="M2.5 6.5v3h2.5l6.5 3.5V3L5 6.5zM5 9.5l1 4" />,
  gap: <path d="M1.5 8h3M11.5 8h3M6 5.5v5M10 5.5v5" />,
  filter: <path d="M2.5 4h11M4.5 8h7M6.5 12h3" />,
  pin: <path d="M5.5 2.5h5l-.8 4.5 2.3 2.5H4l2.3-2.5zM8 9.5v4.5" />,
  play: <path d="M4.5 3v10l8-5z" />,
  server: <path d="M2.5 2.8h11v4h-11zM2.5 9.2h11v4h-11zM5 4.8v.01M5 11.2v.01" />,
  offline: <path d="M2 2l12 12M4.5 6.3A3.4 3.4 0 0 0 5 13h6.7M7 3.7a4.2 4.2 0 0 1 5.1 3.5A2.9 2.9 0 0 1 13.6 11.7" />,
  edit: <path d="M3 13l.6-3L11 2.6 13.4 5 6 12.4zM9.5 4.1l2.4 2.4" />,
  trash: <path d="M2.5 4.2h11M6 4V2.5h4V4M4 4.5l.6 9h6.8l.6-9" />,
  dots: <path d="M3.5 8v.01M8 8v.01M12.5 8v.01" strokeWidth="2" />,
  star: <path d="m8 2 1.8 3.9 4.2.5-3.1 2.9.8 4.2L8 11.4l-3.7 2.1.8-4.2L2 6.4l4.2-.5z" />,
  book: <path d="M3 2.5h8.5a1 1 0 0 1 1 1v10H4a1.5 1.5 0 0 1 0-3h8.5M3 2.5V12" />,
  replay: <path d="M2.8 8a5.2 5.2 0 1 0 1.6-3.8M2.5 2.5v3h3" />,
  phone: <path d="M4.5 1.8h7v12.4h-7zM7.2 12h1.6" />,
  minus: <path d="M4 8h8" />,
  table: <path d="M2.5 3h11v10h-11zM2.5 6.3h11M2.5 9.7h11M6.5 6.3V13" />,
  'full-screen': <path d="M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10" />,
  refused: (
    <>
      <circle cx="8" cy="8" r="5.7" />
      <path d="m4 4 8 8" />
    </>
  ),
} satisfies Record<string, ReactNode>;

/** They turn round with the language. */
const pointing: ReadonlySet<IconName> = new Set(['chevron-right', 'arrow']);

export type IconName = keyof typeof shapes;

export function Icon({ name, small = false }: { name: IconName; small?: boolean }) {
  return (
    <svg
      className={`icon${small ? ' small' : ''}${pointing.has(name) ? ' points' : ''}`}
      viewBox="0 0 16 16"
      aria-hidden="true"
    >
      {shapes[name]}
    </svg>
  );
}
