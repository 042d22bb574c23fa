// Every key the client knows, by the command it belongs to. One name means one thing on every screen, so that who gives
// `acknowledge` another key has done so once. A command with keys of its own belongs here: Settings lists these.

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
  'palette.open': { keys: '$mod+k', label: 'Command palette', group: 'Everywhere' },
  'shortcuts.show': { keys: '?', label: 'Shortcuts', group: 'Everywhere' },
  'list.filter': { keys: '/', label: 'Filter', group: 'Everywhere' },
  back: { keys: 'Escape', label: 'Back out', group: 'Everywhere' },
  'panel.side': { keys: '$mod+\\', label: 'Fold or unfold the side panel', group: 'Everywhere' },
  undo: { keys: '$mod+z', label: 'Undo what was not sent or can be taken back', group: 'Everywhere' },

  'go.now': { keys: 'g h', label: 'Now', group: 'Go to' },
  'go.inbox': { keys: 'g n', label: 'Inbox', group: 'Go to' },
  'go.incidents': { keys: 'g i', label: 'Incidents', group: 'Go to' },
  'go.alerts': { keys: 'g a', label: 'Alerts', group: 'Go to' },
  'go.timeline': { keys: 'g t', label: 'Timeline', group: 'Go to' },
  'go.map': { keys: 'g m', label: 'Map', group: 'Go to' },
  'go.services': { keys: 'g c', label: 'Services', group: 'Go to' },
  'go.oncall': { keys: 'g o', label: 'On-call', group: 'Go to' },
  'go.reviews': { keys: 'g r', label: 'Reviews', group: 'Go to' },
  'go.wall': { keys: 'g w', label: 'War room', group: 'Go to' },
  'go.settings': { keys: '$mod+,', label: 'Settings', group: 'Go to' },

  ...pins(),

  'list.next': { keys: 'j', label: 'Next', group: 'Lists', moves: true },
  'list.previous': { keys: 'k', label: 'Previous', group: 'Lists', moves: true },
  'list.select': { keys: 'x', label: 'Select', group: 'Lists', moves: true },
  'list.extend-down': { keys: 'Shift+J', label: 'Select downwards', group: 'Lists', moves: true },
  'list.extend-up': { keys: 'Shift+K', label: 'Select upwards', group: 'Lists', moves: true },
  'list.peek': { keys: 'Space', label: 'Peek', group: 'Lists', moves: true },
  'list.open': { keys: 'Enter', label: 'Open', group: 'Lists', moves: true },
  'detail.previous': { keys: '[', label: 'Previous, inside a detail', group: 'Lists', moves: true },
  'detail.next': { keys: ']', label: 'Next, inside a detail', group: 'Lists', moves: true },
  'group.open': { keys: 'ArrowRight', label: 'Open the group', group: 'Lists', moves: true },
  'group.close': { keys: 'ArrowLeft', label: 'Close the group', group: 'Lists', moves: true },

  acknowledge: { keys: 'a', label: 'Acknowledge', group: 'Focused item' },
  escalate: { keys: 'e', label: 'Escalate', group: 'Focused item' },
  severity: { keys: 's', label: 'Severity', group: 'Focused item' },
  resolve: { keys: 'r', label: 'Resolve', group: 'Focused item' },
  message: { keys: 'c', label: 'Message the room', group: 'Focused item' },
  note: { keys: 'n', label: 'Note', group: 'Focused item' },
  task: { keys: 't', label: 'Task', group: 'Focused item' },
  update: { keys: 'u', label: 'Update', group: 'Focused item' },
  role: { keys: 'l', label: 'Take a role', group: 'Focused item' },
  snooze: { keys: 'z', label: 'Silence until a chosen time', group: 'Focused item' },
  mute: { keys: 'm', label: 'Mute or unmute the incident', group: 'Focused item' },
  declare: { keys: 'd', label: 'Declare an incident', group: 'Focused item' },

  ask: { keys: 'Shift+A', label: 'Ask somebody, with a time', group: 'Commander' },
  'update-now': { keys: 'Shift+U', label: 'Update now', group: 'Commander' },
  poll: { keys: 'Shift+O', label: 'Ask for objections', group: 'Commander' },
  'hand-over': { keys: 'Shift+H', label: 'Hand over the role I hold', group: 'Commander' },

  save: { keys: '$mod+Enter', label: 'Save', group: 'Forms' },
  'conflict.theirs': { keys: '1', label: 'Conflict: keep theirs', group: 'Forms' },
  'conflict.mine': { keys: '2', label: 'Conflict: apply mine again', group: 'Forms' },

  'route.later': { keys: 'Shift+J', label: 'Route: try later', group: 'Screens' },
  'route.earlier': { keys: 'Shift+K', label: 'Route: try earlier', group: 'Screens' },
  'schedule.override': { keys: 'o', label: 'Schedule: override', group: 'Screens' },
  'schedule.edit': { keys: 'Shift+E', label: 'Schedule: edit', group: 'Screens' },
  'inbox.read': { keys: 'Shift+I', label: 'Inbox: mark read or unread', group: 'Screens' },
  'inbox.read-all': { keys: 'Shift+Escape', label: 'Inbox: mark all read', group: 'Screens' },
  'link.copy': { keys: 'c', label: 'Copy the link', group: 'Screens' },
  'demo.start': { keys: 'Enter', label: 'First run: start the demo', group: 'Screens' },
  'wall.hold': { keys: 'Space', label: 'Wall: hold the picture', group: 'Screens' },
  'wall.next': { keys: 'ArrowRight', label: 'Wall: next picture', group: 'Screens' },
  'wall.previous': { keys: 'ArrowLeft', label: 'Wall: previous picture', group: 'Screens' },
  'wall.names': { keys: 'p', label: 'Wall: show or hide names and notes', group: 'Screens' },
  'wall.full-screen': { keys: 'f', label: 'Wall: full screen', group: 'Screens' },
  'timeline.zoom-in': { keys: '+', label: 'Timeline: zoom in', group: 'Screens' },
  'timeline.zoom-out': { keys: '-', label: 'Timeline: zoom out', group: 'Screens' },
  'timeline.earlier': { keys: 'ArrowLeft', label: 'Timeline: earlier', group: 'Screens' },
  'timeline.later': { keys: 'ArrowRight', label: 'Timeline: later', group: 'Screens' },
  'timeline.first': { keys: 'Home', label: 'Timeline: to the first event', group: 'Screens' },
  'timeline.last': { keys: 'End', label: 'Timeline: to the newest event', group: 'Screens' },
  'timeline.fit': { keys: '0', label: 'Timeline: show everything', group: 'Screens' },
  'timeline.stretch': { keys: 'b', label: 'Timeline: choose a stretch, then look at it', group: 'Screens' },
  'timeline.star': { keys: '*', label: 'Timeline: star', group: 'Screens' },
  'map.turn': { keys: 'v', label: 'Map: graph or table', group: 'Screens' },
  'map.pin': { keys: 'p', label: 'Map: pin or unpin', group: 'Screens' },
  'map.blast': { keys: 'b', label: 'Map: blast radius up, down or off', group: 'Screens' },
  'map.callers': { keys: 'ArrowLeft', label: 'Map: follow to what calls it', group: 'Screens' },
  'map.calls': { keys: 'ArrowRight', label: 'Map: follow calls', group: 'Screens' },
  'map.hops-1': { keys: '1', label: 'Map: 1 hop around the focus', group: 'Screens' },
  'map.hops-2': { keys: '2', label: 'Map: 2 hops around the focus', group: 'Screens' },
  'map.hops-3': { keys: '3', label: 'Map: 3 hops around the focus', group: 'Screens' },
  'map.zoom-in': { keys: '+', label: 'Map: zoom in', group: 'Screens' },
  'map.zoom-out': { keys: '-', label: 'Map: zoom out', group: 'Screens' },
  'map.fit': { keys: '0', label: 'Map: show everything', group: 'Screens' },
  'map.nudge-left': { keys: 'Shift+ArrowLeft', label: 'Map: move left and pin', group: 'Screens' },
  'map.nudge-right': { keys: 'Shift+ArrowRight', label: 'Map: move right and pin', group: 'Screens' },
  'map.nudge-up': { keys: 'Shift+ArrowUp', label: 'Map: move up and pin', group: 'Screens' },
  'map.nudge-down': { keys: 'Shift+ArrowDown', label: 'Map: move down and pin', group: 'Screens' },
};

/** The browser keeps Ctrl and a digit for its tabs; on the desktop these work beside Alt. */
function pins(): Record<string, CataloguedKeys> {
  const digits = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  return Object.fromEntries(
    digits.map((digit) => [
      `pin.${digit}`,
      { keys: `Alt+${digit}`, label: `Pinned incident ${digit}`, group: 'Go to' as const },
    ]),
  );
}
