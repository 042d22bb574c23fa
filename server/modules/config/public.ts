import type { ContactKind } from '#server/contract/channel.ts';
import type { ConfigKind, ConfigOf } from '#server/contract/config.ts';
import type { StoredDocument } from '#server/modules/config/state.ts';

/** The document as clients hold it. `version` is the row's: it counts more than the versions of the history. */
export function toPublic<K extends ConfigKind>(document: StoredDocument<K>, version: number): ConfigOf<K> {
  const { id, bodyVersion, draft, findings, updatedAt, updatedBy, origin } = document as unknown as StoredDocument;
  // A stored channel has no secrets in its draft; left out here in case a row says otherwise.
  const { secrets: _secrets, ...told } = { secrets: null, ...draft };
  const common = { ...told, id, version, draftVersion: bodyVersion, findings, updatedAt, updatedBy, origin };
  return { ...common, ...kept(document as unknown as StoredDocument) } as unknown as ConfigOf<K>;
}

/** The profile as somebody sees it who only looks: that there is a number, not which. */
export function withoutAddresses(responder: ConfigOf<'responder'>): ConfigOf<'responder'> {
  const contactMethods = responder.contactMethods.map((method) => ({
    ...method,
    address: maskedAddress(method.kind, method.address),
  }));
  return { ...responder, contactMethods };
}

/** Kinds of documents with addresses of people in them, and what those see of one who only look. */
export const masking: { [K in ConfigKind]?: (document: ConfigOf<K>) => ConfigOf<K> } = {
  responder: withoutAddresses,
  stakeholderList: (list) => ({
    ...list,
    addresses: list.addresses.map((address) => maskedAddress('email', address)),
  }),
};

/** The document as somebody sees it who only looks. */
export function maskedDocument<K extends ConfigKind>(kind: K, document: ConfigOf<K>): ConfigOf<K> {
  const mask = masking[kind] as ((document: ConfigOf<K>) => ConfigOf<K>) | undefined;
  return mask === undefined ? document : mask(document);
}

/** `+49 … 12`, `a…@example.org`, `https://hooks.example.org/…`: enough to know one's own, too little to use. */
export function maskedAddress(kind: ContactKind, address: string): string {
  if (address === '') return '';
  switch (kind) {
    case 'sms':
    case 'voice':
      return `${address.slice(0, 3)} … ${address.slice(-2)}`;
    case 'email':
      return `${address.slice(0, 1)}…${address.slice(Math.max(0, address.lastIndexOf('@')))}`;
    case 'webhook': {
      const host = /^https?:\/\/(?:[^/@]*@)?([^/?#]+)/i.exec(address)?.[1];
      return host === undefined ? '…' : `https://${host}/…`;
    }
    case 'slack':
    case 'desktop':
      return '…';
  }
}

function kept(document: StoredDocument): object {
  switch (document.kind) {
    case 'route':
    case 'monitor':
    case 'channel':
      return document.state;
    case 'responder':
      return { contactMethods: verifiedMethods(document as unknown as StoredDocument<'responder'>) };
    default:
      return {};
  }
}

/** A proof counts for the address it was made for, and for no other. */
function verifiedMethods({ draft, state }: StoredDocument<'responder'>): ConfigOf<'responder'>['contactMethods'] {
  return draft.contactMethods.map((method) => {
    const proof = state.verified[method.id];
    return { ...method, verifiedAt: proof !== undefined && proof.address === method.address ? proof.at : null };
  });
}
