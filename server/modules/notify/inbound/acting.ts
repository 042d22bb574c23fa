/** What arrives through a button, a reply, a keypress or a signed link, once it is known who it is from. */
export interface OutsideAct {
  userId: string;
  incidentId: string;
  action: 'acknowledge' | 'escalate' | 'resolve' | 'note';
  /** Of a note. */
  text?: string;
  /** In words, for ledger and timeline: `Slack`, `text message`, `phone call`, `e-mail reply`, `phone page`, `desktop`. */
  via: string;
  /** Identity of the delivery: the same again has no effect. */
  deliveryId: string;
}

/** Acts as that person, with that person's rights, through the same intents as every client. */
export type ActFromOutside = (act: OutsideAct) => Promise<{ ok: boolean; text: string }>;
