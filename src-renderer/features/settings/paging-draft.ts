// The settings of paging as a form holds them; the mode is no part of it. Pure.
import { PagingSettings } from '#server/contract/paging-settings.ts';

export const noChannel = 'none';
export const formNames = ['deadMan', 'fallbackChannelId', 'allowedPrivateHosts'] as const;

export interface PagingDraft {
  url: string;
  interval: string;
  fallback: string;
  hosts: readonly string[];
}

export function draftOf({ deadMan, fallbackChannelId, allowedPrivateHosts }: PagingSettings): PagingDraft {
  return {
    url: deadMan?.url ?? '',
    interval: String(deadMan?.intervalSeconds ?? 60),
    fallback: fallbackChannelId ?? noChannel,
    hosts: allowedPrivateHosts,
  };
}

export function readDraft({ url, interval, fallback, hosts }: PagingDraft) {
  return PagingSettings.omit({ mode: true }).safeParse({
    deadMan: url.trim() === '' ? null : { url: url.trim(), intervalSeconds: Number(interval) },
    fallbackChannelId: fallback === noChannel ? null : fallback,
    allowedPrivateHosts: hosts,
  });
}
