// /auth/*: what has to do with the sign-in cookie, and so cannot be a tRPC call. The server's guard has checked the
// Origin before; the cookie is SameSite=Strict and only sent to these addresses.
import cookie from '@fastify/cookie';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { AppError } from '#server/api/app-error.ts';
import { addressKey, type RateLimit } from '#server/api/rate-limit.ts';
import { LinkRequest, RefreshRequest, SignInRequest, type SignedIn } from '#server/contract/session.ts';
import type { Auth } from '#server/modules/auth/service.ts';
import type { Grant } from '#server/modules/auth/sessions.ts';

export interface AuthRoutesDeps {
  auth: Auth;
  /** Failed sign-ins: 5 in 15 minutes an account, 20 an address. */
  limits: { account: RateLimit; address: RateLimit };
  /** Cookies only over https, when the public address is https. */
  secureCookie: boolean;
}

const bodyMax = 16_384;
const cookieSeconds = 30 * 86_400;

export async function registerAuthRoutes(app: FastifyInstance, deps: AuthRoutesDeps): Promise<void> {
  const { auth, limits } = deps;
  await app.register(cookie);
  const options = { bodyLimit: bodyMax };

  app.post('/auth/login', options, async (request, reply) => {
    const { login, password, client } = parse(SignInRequest, request.body);
    const grant = await limited([limits.account, `login ${login}`], [limits.address, addressKey(request.ip)], () =>
      auth.sessions.signIn(login, password, client),
    );
    return answer(reply, grant);
  });

  app.post('/auth/link', options, async (request, reply) => {
    const { token, client } = parse(LinkRequest, request.body);
    return answer(reply, await byLink(request, token, client));
  });

  app.get('/auth/link', async (request, reply) => {
    const { token } = parse(LinkRequest, request.query);
    try {
      setCookie(reply, await byLink(request, token, 'browser'));
      return await reply.redirect('/', 303);
    } catch (error) {
      // A person looks at this answer, so it is the sign-in screen that says why.
      if (error instanceof AppError && error.code === 'unauthenticated')
        return reply.redirect('/#/sign-in?link=used', 303);
      throw error;
    }
  });

  app.post('/auth/refresh', options, async (request, reply) => {
    const token = tokenOf(request);
    if (token === null) throw new AppError('unauthenticated', 'There is no sign-in here. Sign in first.');
    try {
      return await answer(reply, await auth.sessions.refresh(token));
    } catch (error) {
      if (error instanceof AppError && error.code === 'unauthenticated') clearCookie(reply);
      throw error;
    }
  });

  app.post('/auth/logout', options, async (request, reply) => {
    const token = tokenOf(request);
    if (token !== null) await auth.sessions.signOut(token);
    clearCookie(reply);
    return reply.code(204).send();
  });

  function byLink(request: FastifyRequest, token: string, client: Grant['client']): Promise<Grant> {
    return limited(null, [limits.address, addressKey(request.ip)], () => auth.sessions.signInByLink(token, client));
  }

  function tokenOf(request: FastifyRequest): string | null {
    const { refreshToken } = parse(RefreshRequest, request.body ?? {});
    return refreshToken ?? request.cookies[auth.cookieName()] ?? null;
  }

  function answer(reply: FastifyReply, grant: Grant): FastifyReply {
    const body: SignedIn = { ...grant.answer };
    if (grant.client === 'desktop') body.refreshToken = grant.refreshToken;
    else setCookie(reply, grant);
    return reply.send(body);
  }

  function setCookie(reply: FastifyReply, grant: Grant): void {
    void reply.setCookie(auth.cookieName(), grant.refreshToken, {
      ...cookieScope,
      maxAge: cookieSeconds,
      secure: deps.secureCookie,
    });
  }

  function clearCookie(reply: FastifyReply): void {
    void reply.clearCookie(auth.cookieName(), { ...cookieScope, secure: deps.secureCookie });
  }
}

const cookieScope = { path: '/auth', httpOnly: true, sameSite: 'strict' } as const;

type Place = [RateLimit, string];

/** Counts before trying, so that many at once cannot slip through; what succeeds does not count. */
async function limited<T>(account: Place | null, address: Place, attempt: () => Promise<T>): Promise<T> {
  const places = account === null ? [address] : [address, account];
  const taken: Place[] = [];
  for (const [limit, key] of places) {
    const wait = limit.take(key);
    if (wait > 0) {
      for (const [other, name] of taken) other.giveBack(name);
      const minutes = Math.ceil(wait / 60);
      throw new AppError('rate-limited', `Too many failed sign-ins. Try again in ${minutes} min.`, {
        retryAfterSeconds: wait,
      });
    }
    taken.push([limit, key]);
  }
  try {
    const result = await attempt();
    for (const [limit, key] of taken) limit.giveBack(key);
    return result;
  } catch (error) {
    // Only a wrong answer counts, not a database that is away.
    if (!(error instanceof AppError && error.code === 'unauthenticated'))
      for (const [limit, key] of taken) limit.giveBack(key);
    throw error;
  }
}

function parse<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AppError('invalid', 'The request does not have the fields this address takes.', {
    detail: parsed.error.issues,
  });
}
