import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { SqlReader, Tx } from '#server/database/transaction.ts';
import { encodeToken, isToken } from '#server/modules/notify/links/link-token.ts';
import { linkIdOf, type PageLinkRow, pageLinkStore, tokenHash } from '#server/modules/notify/links/link-store.ts';
import type { Clock } from '#server/ports/clock.ts';

export interface PageLink {
  id: string;
  incidentId: string;
  userId: string;
  pageId: string | null;
  expiresAt: string;
}

export interface PageLinks {
  /** The signed page of this incident for this person; asked again for the same page it is the same link, living on. */
  linkFor(tx: Tx, of: { incidentId: string; userId: string; pageId: string | null }): Promise<string>;
  /** Whom and what a token is for; null for one that is unknown, forged or expired. */
  open(token: string): Promise<PageLink | null>;
  /** Remembers that somebody acted with it. */
  markUsed(id: string): Promise<void>;
}

const livesMs = 24 * 60 * 60_000;
const tokenBytes = 20;

/**
 * A token is a keyed hash of incident, person and page, cut to 160 bits: without the key none can be made, not even by who
 * reads or writes the database. The row beside it, found by the token's hash, says for whom it is and until when.
 */
export function createPageLinks(deps: {
  /** Of at least 32 bytes; the first signs, all are believed. */
  keys: readonly Uint8Array[];
  sql: SqlReader;
  /** Without a slash at its end. */
  publicUrl(): string;
  clock: Pick<Clock, 'now'>;
}): PageLinks {
  const keys = deps.keys.map((key) => Buffer.from(hkdfSync('sha256', key, '', 'tocsin page links', 32)));
  const [signing] = keys;
  if (signing === undefined) throw new Error('page links need a key to sign with');

  return {
    async linkFor(tx, of) {
      const token = encodeToken(sign(signing, of));
      const now = deps.clock.now();
      await pageLinkStore.put(tx, {
        ...of,
        id: linkIdOf(token),
        tokenHash: tokenHash(token),
        expiresAt: new Date(now + livesMs).toISOString(),
      });
      return `${deps.publicUrl()}/p/${token}`;
    },

    async open(token) {
      if (!isToken(token)) return null;
      const row = await pageLinkStore.find(deps.sql, tokenHash(token));
      if (row === null || row.expiresAt <= new Date(deps.clock.now()).toISOString()) return null;
      // A row that somebody turned to another person or incident does not fit the signature any more.
      return keys.some((key) => sameText(encodeToken(sign(key, row)), token)) ? row : null;
    },

    async markUsed(id) {
      await pageLinkStore.markUsed(deps.sql, id, new Date(deps.clock.now()).toISOString());
    },
  };
}

function sign(key: Uint8Array, of: Pick<PageLinkRow, 'incidentId' | 'userId' | 'pageId'>): Uint8Array {
  const text = `${of.incidentId}\n${of.userId}\n${of.pageId ?? ''}`;
  return createHmac('sha256', key).update(text).digest().subarray(0, tokenBytes);
}

function sameText(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
