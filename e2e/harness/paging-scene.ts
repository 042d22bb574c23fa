// A center as one that pages for real: set up from a file by the command line, its people's addresses proven by the codes
// that were sent there, its providers played by receivers that remember everything.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import type { Change } from '#server/contract/replica.ts';
import { type Dovecot, startDovecot, whyNoDovecot } from '#server/testkit/dovecot.ts';
import { likeTwilio } from './callbacks.ts';
import { type MailServer, startMailServer } from './mail.ts';
import { setPaging } from './paging.ts';
import { hookError, mailOf, memberOf, pagingFile, slackNonsense, slackSecret, twilioToken } from './paging-file.ts';
import { type Answer, type Arrival, likeSlack, type Receiver, startReceiver } from './receiver.ts';
import { mutate } from './rest.ts';
import { type RunningServer, startServer } from './server.ts';

export interface PagingScene {
  server: RunningServer;
  smtp: MailServer;
  dovecot: Dovecot | null;
  slack: Receiver;
  /** What Slack called each message, by the body it was posted with. */
  slackTs: Map<string, string>;
  twilio: Receiver;
  /** Plain signed webhooks: the channel Backup at /backup, and Kim's own at /kim, which breaks down. */
  hooks: Receiver;
  userIds: Record<string, string>;
  channelIds: Record<string, string>;
  file: string;
  /** From here on some receivers fail. */
  breakDown(): void;
  /** `npm run NAME -- ARGS` against this center. */
  npmRun(name: string, args: string[]): Promise<{ code: number; output: string }>;
  stop(): Promise<void>;
}

/** What a code can arrive at. */
type Receivers = Pick<PagingScene, 'server' | 'smtp' | 'slack' | 'twilio' | 'hooks'>;

export async function startPagingScene(): Promise<PagingScene> {
  let broken = false;
  const likeReal = likeSlack();
  const slackTs = new Map<string, string>();
  const slackAnswer = (arrival: Arrival): Answer => {
    const answer = likeReal(arrival);
    slackTs.set(arrival.body, (JSON.parse(answer.body) as { ts: string }).ts);
    return answer;
  };
  const toGus = (arrival: Arrival) => broken && arrival.body.includes(`"channel":"${memberOf('gus')}"`);
  const [server, smtp, dovecot, slack, twilio, hooks, folder] = await Promise.all([
    startServer(),
    startMailServer(),
    whyNoDovecot() === null ? startDovecot() : null,
    startReceiver((arrival): Answer => (toGus(arrival) ? { status: 200, body: slackNonsense } : slackAnswer(arrival))),
    startReceiver(likeTwilio()),
    startReceiver(({ path }) =>
      broken && path === '/kim' ? { status: 500, body: hookError } : { status: 200, body: 'ok' },
    ),
    mkdtemp(join(tmpdir(), 'tocsin-paging-')),
  ]);
  const file = join(folder, 'paging.yaml');
  const npmRun: PagingScene['npmRun'] = async (name, args) => {
    const script = { config: 'scripts/config.mjs', ledger: 'scripts/ledger.mjs' }[name] ?? name;
    const { FORCE_COLOR: _, ...outer } = process.env;
    const env = {
      ...outer,
      TOCSIN_SERVER: server.url,
      TOCSIN_TOKEN: server.adminToken,
      SLACK_TOKEN: 'xoxb-test',
      SLACK_SECRET: slackSecret,
      TWILIO_TOKEN: twilioToken,
      HOOK_SECRET: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
      IMAP_PASSWORD: dovecot?.password ?? 'none',
    };
    const run = promisify(execFile)(process.execPath, ['scripts/boot.mjs', script, ...args], { env });
    return run.then(
      ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
      (error: { code: number; stdout: string; stderr: string }) => {
        return { code: error.code, output: error.stdout + error.stderr };
      },
    );
  };
  const scene: PagingScene = {
    server,
    smtp,
    dovecot,
    slack,
    slackTs,
    twilio,
    hooks,
    userIds: {},
    channelIds: {},
    file,
    breakDown: () => (broken = true),
    npmRun,
    async stop() {
      await server.stop();
      await Promise.all([smtp.stop(), dovecot?.end(), slack.stop(), twilio.stop(), hooks.stop(), server.remove()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    const mailHosts = [`localhost:${smtp.port}`, ...(dovecot === null ? [] : [`localhost:${dovecot.tlsPort}`])];
    await setPaging(server, { allowedPrivateHosts: [slack.host, twilio.host, hooks.host, ...mailHosts] });
    await writeFile(file, stringify(pagingFile(scene), { aliasDuplicateObjects: false }));
    const applied = await npmRun('config', ['apply', file]);
    if (!applied.output.includes('Applied:')) throw new Error(`the file was not applied: ${applied.output}`);
    for (const [entity, name, into] of [
      ['user', 'login', scene.userIds],
      ['channel', 'name', scene.channelIds],
    ] as const) {
      for (const one of await replicaOf(server, entity)) into[String(one[name])] = String(one['id']);
    }
    return scene;
  } catch (error) {
    await scene.stop();
    throw error;
  }
}

/** What the client holds of these kinds. */
export async function replicaOf(server: RunningServer, entity: string): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  for (let cursor: string | null = null; ;) {
    const input = encodeURIComponent(JSON.stringify({ cursor }));
    const answer = (await server.api(`/trpc/replica.snapshot?input=${input}`)) as {
      result: { data: { changes: Change[]; next: string | null } };
    };
    const { changes, next } = answer.result.data;
    for (const change of changes) {
      if (change.op === 'put' && change.entity === entity) found.push(change.body as Record<string, unknown>);
    }
    if (next === null) return found;
    cursor = next;
  }
}

/** A code goes to every address but Ivo's mail, and comes back. */
export async function proveAddresses(scene: Receivers): Promise<void> {
  const { server } = scene;
  const profiles = await replicaOf(server, 'responder');
  const ways = profiles.flatMap((profile) => {
    const methods = profile['contactMethods'] as { id: string; kind: string; address: string }[];
    return methods.map((method) => ({ ...method, userId: String(profile['id']) }));
  });
  const mine = ways.filter(({ kind, address }) => kind !== 'desktop' && address !== mailOf('ivo'));
  await Promise.all(
    mine.map(async ({ userId, id: methodId, kind, address }) => {
      const sent = await mutate<{ ok: boolean; text: string }>(server, 'responders.sendCode', { userId, methodId });
      if (!sent.ok) throw new Error(`no code was sent to ${kind} ${address}: ${sent.text}`);
      const code = codeSentTo(scene, kind, address);
      await mutate(server, 'responders.confirmCode', { userId, methodId, code });
    }),
  );
}

function codeSentTo({ smtp, slack, twilio, hooks }: Receivers, kind: string, address: string): string {
  const texts = {
    email: () => smtp.taken.filter(({ to }) => to.includes(address)).map(({ mail }) => mail.text ?? ''),
    slack: () => slack.arrivals.map(({ body }) => body).filter((body) => body.includes(`"channel":"${address}"`)),
    sms: () => formsTo(twilio, address).flatMap((form) => form.get('Body') ?? []),
    voice: () => formsTo(twilio, address).map((form) => (form.get('Twiml') ?? '').replaceAll(', ', '')),
    webhook: () => hooks.arrivals.filter(({ path }) => address.endsWith(path)).map(({ body }) => body),
  };
  const found = texts[kind as keyof typeof texts]().flatMap((text) => /\b(\d{6})\b/.exec(text)?.[1] ?? []);
  const code = found.at(-1);
  if (code === undefined) throw new Error(`no code came to ${kind} ${address}`);
  return code;
}

/** Texts and calls to a number, as Twilio got them. */
export function formsTo(twilio: Receiver, number: string): URLSearchParams[] {
  return twilio.arrivals.map(({ body }) => new URLSearchParams(body)).filter((form) => form.get('To') === number);
}
