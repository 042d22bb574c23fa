// Every message between page and main process: its name, and the shape of what it carries.
import { z } from 'zod';
import type { HostInfo, NotifyOutcome } from './bridge.ts';

/** A path within the client: what a deep link or a notification may open. */
export const ClientPath = z
  .string()
  .max(500)
  .regex(/^\/[A-Za-z0-9/_.~-]*$/, 'must be a path of this client')
  .refine((path) => !path.includes('//') && !path.includes('..'), 'must be a path of this client');

export const requests = {
  host: z.tuple([]),
  notify: z.tuple([
    z.object({
      id: z.string().min(1).max(200),
      title: z.string().min(1).max(200),
      body: z.string().max(1_000),
      tier: z.enum(['page', 'direct']),
      path: ClientPath,
      visible: z.boolean(),
    }),
  ]),
  dismiss: z.tuple([z.string().min(1).max(200)]),
  sessionGet: z.tuple([]),
  sessionSet: z.tuple([z.string().min(1).max(1_000)]),
  sessionClear: z.tuple([]),
  setBadge: z.tuple([z.int().min(0).max(1_000_000)]),
  openExternal: z.tuple([z.string().max(4_000)]),
  pageListens: z.tuple([]),
};

export type RequestName = keyof typeof requests;

interface Answers {
  host: HostInfo;
  notify: NotifyOutcome;
  dismiss: void;
  sessionGet: string | null;
  sessionSet: void;
  sessionClear: void;
  setBadge: void;
  openExternal: boolean;
  pageListens: void;
}

export type Handlers = {
  [Name in RequestName]: (...args: z.infer<(typeof requests)[Name]>) => Answers[Name] | Promise<Answers[Name]>;
};
