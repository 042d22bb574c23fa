// Slack's Web API: always 200 with `ok`, or 429 (https://docs.slack.dev/apis/web-api).
import type { SendContext } from '#server/modules/notify/channel-type.ts';
import {
  call,
  failed,
  type Failed,
  isFailed,
  jsonOf,
  nonsense,
  secretOf,
} from '#server/modules/notify/channels/provider-answer.ts';
import type { OutgoingAnswer } from '#server/outgoing/outgoing.ts';

export type SlackReply =
  | { ok: true; answer: OutgoingAnswer; body: Record<string, unknown> }
  /** `error` is Slack's own word when it said no. */
  | { ok: false; failed: Failed; error: string | null };

export async function slackCall(
  context: SendContext<{ apiUrl: string }>,
  method: string,
  args: Record<string, unknown>,
  timeoutMs?: number,
): Promise<SlackReply> {
  const answer = await call(context, {
    method: 'POST',
    url: `${context.settings.apiUrl.replace(/\/+$/, '')}/${method}`,
    headers: {
      authorization: `Bearer ${secretOf(context, 'botToken')}`,
      'content-type': 'application/json; charset=utf-8',
    },
    body: JSON.stringify(args),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
  if (isFailed(answer)) return { ok: false, failed: answer, error: null };
  const body = jsonOf(answer);
  if (body?.['ok'] === true) return { ok: true, answer, body };
  const error = body?.['ok'] === false ? body['error'] : null;
  if (typeof error !== 'string') return { ok: false, failed: nonsense(context, 'Slack', answer), error: null };
  const how = { permanent: permanent.has(error), reason: inWords(method, error) };
  return { ok: false, failed: failed(context, answer, how), error };
}

const hints = new Map(
  Object.entries({
    invalid_auth: 'The bot token is not accepted. Copy it again from the app’s “OAuth & Permissions” page.',
    not_authed: 'No bot token is set. Enter the one that starts with xoxb-.',
    account_inactive: 'The bot token belongs to a removed app or workspace. Install the app again.',
    token_revoked: 'The bot token was revoked. Install the app again and enter the new token.',
    token_expired: 'The bot token has expired. Enter a new one.',
    missing_scope: 'The app lacks a permission. Add the scopes of docs/channels/slack.md and install it again.',
    channel_not_found: 'There is no such channel or person, or the app cannot see it. Use its id, and invite the app.',
    not_in_channel: 'The app is not in this channel. Invite it: /invite @app-name',
    is_archived: 'This channel is archived. Choose another.',
    restricted_action: 'The workspace does not let the app post here. Ask its administrator.',
    user_not_found: 'There is no such member. Use the member id, which starts with U or W.',
    messages_tab_disabled: 'The app takes no direct messages. Turn on its “Messages Tab” under “App Home”.',
    message_not_found: 'The message that should be changed is gone.',
    ratelimited: 'Slack takes no more messages for a while.',
    rate_limited: 'Slack takes no more messages for a while.',
  }),
);

// What the documentation of the methods we call lists and trying again cannot mend. All else is tried again.
const permanent = new Set(
  `
  invalid_auth not_authed account_inactive token_revoked token_expired no_permission missing_scope
  not_allowed_token_type ekm_access_denied enterprise_is_restricted access_denied team_access_not_granted
  two_factor_setup_required org_login_required method_deprecated channel_not_found not_in_channel
  is_archived user_not_found users_not_found user_disabled cannot_dm_bot messages_tab_disabled
  restricted_action restricted_action_read_only_channel restricted_action_thread_only_channel
  restricted_action_non_threadable_channel as_user_not_supported msg_too_long no_text invalid_blocks
  invalid_blocks_format msg_blocks_too_long too_many_attachments invalid_arguments invalid_arg_name
  invalid_array_arg invalid_charset invalid_form_data invalid_post_type missing_post_type invalid_json
  json_not_object unknown_method message_not_found cant_update_message edit_window_closed
  metadata_too_large invalid_metadata_format metadata_must_be_sent_from_app external_channel_migrating
  slack_connect_file_link_sharing_blocked
  `
    .trim()
    .split(/\s+/),
);

function inWords(method: string, error: string): string {
  const hint =
    hints.get(error) ?? (permanent.has(error) ? 'See Slack’s documentation of this method.' : 'It is tried again.');
  return `Slack refused ${method}: ${error.slice(0, 100)}. ${hint}`;
}
