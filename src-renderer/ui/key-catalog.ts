// Every key the client knows, by the command it belongs to. One name means one thing on every screen, so that who gives
// `acknowledge` another key has done so once. A command with keys of its own belongs here: Settings lists these.
import { t } from '../language/words.ts';

export interface CataloguedKeys {
  /** In tinykeys' notation: `a`, `g h`, `Shift+A`, `$mod+Enter`. */
  keys: string;
  label: string;
  group: KeyGroup;
  /** Moves about in a list: the palette offers it only to who types its name. */
  moves?: true;
}

export const keyGroups = ['Everywhere', 'Go to', 'Lists', 'Focused item', 'Commander', 'Forms', 'Screens'] as const;
export type KeyGroup = (typeof keyGroups)[number];

export const keyCatalog: Readonly<Record<string, CataloguedKeys>> = {
  'palette.open': { keys: '$mod+k', label: t`Command palette`, group: 'Everywhere' },
  'shortcuts.show': { keys: '?', label: t`Shortcuts`, group: 'Everywhere' },
  'list.filter': { keys: '/', label: t`Filter`, group: 'Everywhere' },
  back: { keys: 'Escape', label: t`Back out`, group: 'Everywhere' },
  'panel.side': { keys: '$mod+\\', label: t`Fold or unfold the side panel`, group: 'Everywhere' },
  undo: { keys: '$mod+z', label: t`Undo what was not sent or can be taken back`, group: 'Everywhere' },

  'go.now': { keys: 'g h', label: t`Now`, group: 'Go to' },
  'go.inbox': { keys: 'g n', label: t`Inbox`, group: 'Go to' },
  'go.incidents': { keys: 'g i', label: t`Incidents`, group: 'Go to' },
  'go.alerts': { keys: 'g a', label: t`Alerts`, group: 'Go to' },
  'go.timeline': { keys: 'g t', label: t`Timeline`, group: 'Go to' },
  'go.map': { keys: 'g m', label: t`Map`, group: 'Go to' },
  'go.services': { keys: 'g c', label: t`Services`, group: 'Go to' },
  'go.oncall': { keys: 'g o', label: t`On-call`, group: 'Go to' },
  'go.reviews': { keys: 'g r', label: t`Reviews`, group: 'Go to' },
  'go.wall': { keys: 'g w', label: t`War room`, group: 'Go to' },
  'go.settings': { keys: '$mod+,', label: t`Settings`, group: 'Go to' },

  ...pins(),

  'list.next': { keys: 'j', label: t`Next`, group: 'Lists', moves: true },
  'list.previous': { keys: 'k', label: t`Previous`, group: 'Lists', moves: true },
  'list.select': { keys: 'x', label: t`Select`, group: 'Lists', moves: true },
  'list.extend-down': { keys: 'Shift+J', label: t`Select downwards`, group: 'Lists', moves: true },
  'list.extend-up': { keys: 'Shift+K', label: t`Select upwards`, group: 'Lists', moves: true },
  'list.peek': { keys: 'Space', label: t`Peek`, group: 'Lists', moves: true },
  'list.open': { keys: 'Enter', label: t`Open`, group: 'Lists', moves: true },
  'detail.previous': { keys: '[', label: t`Previous, inside a detail`, group: 'Lists', moves: true },
  'detail.next': { keys: ']', label: t`Next, inside a detail`, group: 'Lists', moves: true },
  'group.open': { keys: 'ArrowRight', label: t`Open the group`, group: 'Lists', moves: true },
  'group.close': { keys: 'ArrowLeft', label: t`Close the group`, group: 'Lists', moves: true },

  acknowledge: { keys: 'a', label: t`Acknowledge`, group: 'Focused item' },
  escalate: { keys: 'e', label: t`Escalate`, group: 'Focused item' },
  severity: { keys: 's', label: t`Severity`, group: 'Focused item' },
  resolve: { keys: 'r', label: t`Resolve`, group: 'Focused item' },
  message: { keys: 'c', label: t`Message the room`, group: 'Focused item' },
  note: { keys: 'n', label: t`Note`, group: 'Focused item' },
  task: { keys: 't', label: t`Task`, group: 'Focused item' },
  update: { keys: 'u', label: t`Update`, group: 'Focused item' },
  role: { keys: 'l', label: t`Take a role`, group: 'Focused item' },
  snooze: { keys: 'z', label: t`Silence until a chosen time`, group: 'Focused item' },
  mute: { keys: 'm', label: t`Mute or unmute the incident`, group: 'Focused item' },
  declare: { keys: 'd', label: t`Declare an incident`, group: 'Focused item' },

  ask: { keys: 'Shift+A', label: t`Ask somebody, with a time`, group: 'Commander' },
  'update-now': { keys: 'Shift+U', label: t`Update now`, group: 'Commander' },
  poll: { keys: 'Shift+O', label: t`Ask for objections`, group: 'Commander' },
  'hand-over': { keys: 'Shift+H', label: t`Hand over the role I hold`, group: 'Commander' },

  save: { keys: '$mod+Enter', label: t`Save`, group: 'Forms' },
  'conflict.theirs': { keys: '1', label: t`Conflict: keep theirs`, group: 'Forms' },
  'conflict.mine': { keys: '2', label: t`Conflict: apply mine again`, group: 'Forms' },

  'route.later': { keys: 'Shift+J', label: t`Route: try later`, group: 'Screens' },
  'route.earlier': { keys: 'Shift+K', label: t`Route: try earlier`, group: 'Screens' },
  'schedule.override': { keys: 'o', label: t`Schedule: override`, group: 'Screens' },
  'schedule.edit': { keys: 'Shift+E', label: t`Schedule: edit`, group: 'Screens' },
  'inbox.read': { keys: 'Shift+I', label: t`Inbox: mark read or unread`, group: 'Screens' },
  'inbox.read-all': { keys: 'Shift+Escape', label: t`Inbox: mark all read`, group: 'Screens' },
  'link.copy': { keys: 'c', label: t`Copy the link`, group: 'Screens' },
  'demo.start': { keys: 'Enter', label: t`First run: start the demo`, group: 'Screens' },
  'wall.hold': { keys: 'Space', label: t`Wall: hold the picture`, group: 'Screens' },
  'wall.next': { keys: 'ArrowRight', label: t`Wall: next picture`, group: 'Screens' },
  'wall.previous': { keys: 'ArrowLeft', label: t`Wall: previous picture`, group: 'Screens' },
  'wall.names': { keys: 'p', label: t`Wall: show or hide names and notes`, group: 'Screens' },
  'wall.full-screen': { keys: 'f', label: t`Wall: full screen`, group: 'Screens' },
  'timeline.zoom-in': { keys: '+', label: t`Timeline: zoom in`, group: 'Screens' },
  'timeline.zoom-out': { keys: '-', label: t`Timeline: zoom out`, group: 'Screens' },
  'timeline.earlier': { keys: 'ArrowLeft', label: t`Timeline: earlier`, group: 'Screens' },
  'timeline.later': { keys: 'ArrowRight', label: t`Timeline: later`, group: 'Screens' },
  'timeline.first': { keys: 'Home', label: t`Timeline: to the first event`, group: 'Screens' },
  'timeline.last': { keys: 'End', label: t`Timeline: to the newest event`, group: 'Screens' },
  'timeline.fit': { keys: '0', label: t`Timeline: show everything`, group: 'Screens' },
  'timeline.stretch': { keys: 'b', label: t`Timeline: choose a stretch, then look at it`, group: 'Screens' },
  'timeline.star': { keys: '*', label: t`Timeline: star`, group: 'Screens' },
  'map.turn': { keys: 'v', label: t`Map: graph or table`, group: 'Screens' },
  'map.pin': { keys: 'p', label: t`Map: pin or unpin`, group: 'Screens' },
  'map.blast': { keys: 'b', label: t`Map: blast radius up, down or off`, group: 'Screens' },
  'map.callers': { keys: 'ArrowLeft', label: t`Map: follow to what calls it`, group: 'Screens' },
  'map.calls': { keys: 'ArrowRight', label: t`Map: follow calls`, group: 'Screens' },
  'map.hops-1': { keys: '1', label: t`Map: 1 hop around the focus`, group: 'Screens' },
  'map.hops-2': { keys: '2', label: t`Map: 2 hops around the focus`, group: 'Screens' },
  'map.hops-3': { keys: '3', label: t`Map: 3 hops around the focus`, group: 'Screens' },
  'map.zoom-in': { keys: '+', label: t`Map: zoom in`, group: 'Screens' },
  'map.zoom-out': { keys: '-', label: t`Map: zoom out`, group: 'Screens' },
  'map.fit': { keys: '0', label: t`Map: show everything`, group: 'Screens' },
  'map.nudge-left': { keys: 'Shift+ArrowLeft', label: t`Map: move left and pin`, group: 'Screens' },
  'map.nudge-right': { keys: 'Shift+ArrowRight', label: t`Map: move right and pin`, group: 'Screens' },
  'map.nudge-up': { keys: 'Shift+ArrowUp', label: t`Map: move up and pin`, group: 'Screens' },
  'map.nudge-down': { keys: 'Shift+ArrowDown', label: t`Map: move down and pin`, group: 'Screens' },
};

/** The browser keeps Ctrl and a digit for its tabs; on the desktop these work beside Alt. */
function pins(): Record<string, CataloguedKeys> {
  const digits = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  return Object.fromEntries(
    digits.map((digit) => [
      `pin.${digit}`,
      { keys: `Alt+${digit}`, label: t`Pinned incident ${digit}`, group: 'Go to' as const },
    ]),
  );
}
