// What Slack and Twilio send back, signed as their documentation says.
import { createHmac } from 'node:crypto';
import twilio from 'twilio';
import type { Arrival } from './receiver.ts';
import type { RunningServer } from './server.ts';

/** https://docs.slack.dev/authentication/verifying-requests-from-slack */
export async function pressInSlack(
  server: RunningServer,
  channelId: string,
  press: { signingSecret: string; member: string; actionId: string; value: string; responseUrl: string },
): Promise<number> {
  const payload = {
    type: 'block_actions',
    user: { id: press.member },
    response_url: press.responseUrl,
    actions: [{ type: 'button', action_id: press.actionId, value: press.value }],
  };
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const signature = createHmac('sha256', press.signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
  const answer = await fetch(`${server.url}/callbacks/slack/${channelId}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${signature}`,
    },
    body,
  });
  return answer.status;
}

/** Signed by Twilio's own library. Answers the TwiML. */
export async function fromTwilio(
  url: string,
  authToken: string,
  form: Record<string, string>,
): Promise<{ status: number; text: string }> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': twilio.getExpectedTwilioSignature(authToken, url, form),
    },
    body: new URLSearchParams(form).toString(),
  });
  return { status: answer.status, text: await answer.text() };
}

/** Answers as Twilio's API does when it takes a message: a SID that no other message has. */
export function likeTwilio(): () => { status: number; body: string } {
  let count = 0;
  return () => {
    count += 1;
    return { status: 201, body: JSON.stringify({ sid: `SM${String(count).padStart(32, '0')}`, status: 'queued' }) };
  };
}

export interface SlackCall {
  method: string;
  channel: string;
  ts: string;
  text: string;
  body: string;
}

export function slackCallOf({ path, body }: Arrival): SlackCall {
  const sent = JSON.parse(body) as { channel?: string; ts?: string; text?: string };
  const method = path.split('/').at(-1) ?? '';
  return { method, channel: sent.channel ?? '', ts: sent.ts ?? '', text: sent.text ?? '', body };
}
