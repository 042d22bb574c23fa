// A schedule while it is being edited: numbers as typed, checked against the contract before anything is sent.
import {
  type Layer,
  type Restriction,
  type Rotation,
  type Schedule,
  ScheduleDraft,
} from '#server/contract/schedule.ts';
import { t } from '../../language/words.ts';

export interface RotationForm {
  type: 'rotation';
  id: string;
  name: string;
  priority: string;
  timeZone: string;
  unit: Rotation['unit'];
  every: string;
  handoffTime: string;
  startsOn: string;
  participants: string[][];
  restrictions: Restriction[];
  /** Empty goes on for ever. */
  endsOn: string;
}
export interface CalendarForm {
  type: 'calendar';
  id: string;
  name: string;
  priority: string;
  url: string;
}
export type LayerForm = RotationForm | CalendarForm;

export interface ScheduleForm {
  name: string;
  description: string;
  teamId: string | null;
  timeZone: string;
  layers: LayerForm[];
}

/** By path: `name`, `layers.0.every`. */
export type FieldErrors = Record<string, string>;

export function formOf(schedule: Schedule | null, zone: string): ScheduleForm {
  if (schedule === null) return { name: '', description: '', teamId: null, timeZone: zone, layers: [] };
  const { name, description, teamId, timeZone, layers } = schedule;
  return { name, description, teamId, timeZone, layers: layers.map(layerForm) };
}

function layerForm(layer: Layer): LayerForm {
  const base = { id: layer.id, name: layer.name, priority: String(layer.priority) };
  if (layer.type === 'calendar') return { ...base, type: 'calendar', url: layer.url };
  const { timeZone, rotation, participants, restrictions, endsOn } = layer;
  const { unit, every, handoffTime, startsOn } = rotation;
  return {
    ...base,
    type: 'rotation',
    timeZone,
    unit,
    every: String(every),
    handoffTime,
    startsOn,
    participants,
    restrictions,
    endsOn: endsOn ?? '',
  };
}

const words: Record<string, string> = {
  name: t`Give it a name.`,
  timeZone: t`Choose a zone like Europe/Berlin.`,
  every: t`A whole number from 1 to 400.`,
  priority: t`A whole number from 0 to 100.`,
  handoffTime: t`A time like 09:00.`,
  startsOn: t`Say on which day the first shift begins.`,
  endsOn: t`This is no date.`,
  participants: t`Add at least one person.`,
  url: t`An address like https://calendar.example.com/team.ics.`,
  restrictions: t`Hours need a from and a to.`,
};

export function checkSchedule(form: ScheduleForm): { draft: ScheduleDraft | null; errors: FieldErrors } {
  const parsed = ScheduleDraft.safeParse({ ...form, layers: form.layers.map(layerOf) });
  if (parsed.success) return { draft: parsed.data, errors: {} };
  const errors: FieldErrors = {};
  for (const { path, message } of parsed.error.issues) {
    const parts = path.map(String).filter((part) => part !== 'rotation');
    // What is wrong inside a list is said beside the list.
    const key = parts[0] === 'layers' ? parts.slice(0, 3).join('.') : (parts[0] ?? 'name');
    errors[key] ??= words[parts[0] === 'layers' ? (parts[2] ?? '') : (parts[0] ?? '')] ?? message;
  }
  return { draft: null, errors };
}

function layerOf(form: LayerForm): unknown {
  const base = { id: form.id, name: form.name, priority: wholeNumber(form.priority), type: form.type };
  if (form.type === 'calendar') return { ...base, url: form.url.trim() };
  const { timeZone, unit, every, handoffTime, startsOn, participants, restrictions, endsOn } = form;
  return {
    ...base,
    timeZone,
    rotation: { unit, every: wholeNumber(every), handoffTime, startsOn },
    participants,
    restrictions,
    endsOn: endsOn === '' ? null : endsOn,
  };
}

export function newLayer(id: string, place: number, zone: string, monday: string): RotationForm {
  return {
    type: 'rotation',
    id,
    name: place === 0 ? t`Weekly` : t`Layer ${place + 1}`,
    priority: String(place),
    timeZone: zone,
    unit: 'week',
    every: '1',
    handoffTime: '09:00',
    startsOn: monday,
    participants: [],
    restrictions: [],
    endsOn: '',
  };
}

export function newCalendar(id: string, place: number): CalendarForm {
  return { type: 'calendar', id, name: t`Calendar`, priority: String(place), url: '' };
}

/** The list after one entry moved by `by` places. */
export function movedAt<T>(list: readonly T[], from: number, by: number): T[] {
  const to = Math.max(0, Math.min(list.length - 1, from + by));
  const entry = list[from];
  if (entry === undefined || from === to) return [...list];
  return list.toSpliced(from, 1).toSpliced(to, 0, entry);
}

/** Two neighbouring turns become one shift that both have. */
export function together(participants: readonly string[][], at: number): string[][] {
  const one = participants[at];
  const next = participants[at + 1];
  if (one === undefined || next === undefined) return [...participants];
  return participants.toSpliced(at, 2, [...new Set([...one, ...next])]);
}

/** People of one turn take turns of their own. */
export function apart(participants: readonly string[][], at: number): string[][] {
  return participants.toSpliced(at, 1, ...(participants[at] ?? []).map((id) => [id]));
}

function wholeNumber(text: string): number {
  return /^\s*\d{1,6}\s*$/.test(text) ? Number(text) : Number.NaN;
}
