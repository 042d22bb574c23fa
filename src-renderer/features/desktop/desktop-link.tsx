import { useEffect, useMemo, useState } from 'react';
import type { Answer, Bridge } from '../../../src-main/bridge.ts';
import { t } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { useCan, useFreshness, useMe, useSession, useSubmit, useTable, useTablesWhole } from '../../session.tsx';
import { after } from '../../time.ts';
import { activeCommands, useCommandStore } from '../../ui/commands.ts';
import { useKeymap } from '../../ui/keymap.ts';
import { useSteady } from '../../ui/use-steady.ts';
import { useToasts } from '../../ui/toast.tsx';
import { useEscalateTo } from '../incidents/use-escalate.ts';
import { useDuty } from '../paging/on-call-note.tsx';
import { carryOut } from './carry-out.ts';
import { heldRoleOf, latestPageOf, menuCommandsOf, planOf } from './desktop-facts.ts';

/** By then a page that woke up has counted anew how old what it shows is. */
const wokenMs = 1_500;

/** Keeps tray, native menu and updater in the picture, and does what is pressed in them. Nothing in a browser. */
export function DesktopLink() {
  const { desktop } = useSession().host;
  return desktop === null ? null : <Linked desktop={desktop} />;
}

function Linked({ desktop }: { desktop: Bridge }) {
  useTelling(desktop);
  useNativeMenu(desktop);
  useAnswers(desktop);
  useEffect(() => desktop.onOpenPath((path) => navigate(`#${path}`)), [desktop]);
  return null;
}

function useTelling(desktop: Bridge): void {
  const { serverUrl, serverName } = useSession();
  const me = useMe();
  const { state } = useFreshness();
  const duty = useDuty();
  const pages = useTable('page').rows;
  const incidents = useTable('incident').rows;
  const escalateTo = useEscalateTo();
  const latest = useMemo(
    () => latestPageOf(pages.values(), incidents, me.id, escalateTo),
    [pages, incidents, me.id, escalateTo],
  );
  const heldRole = useMemo(() => heldRoleOf(incidents.values(), me.id), [incidents, me.id]);
  const onCall = duty === null ? null : t`${duty.name} until ${duty.until} ${duty.place}`.slice(0, 300);
  const [woken, setWoken] = useState(0);
  useEffect(() => {
    let cancel = (): void => undefined;
    const stop = desktop.onWake(() => {
      cancel();
      cancel = after(wokenMs, () => setWoken((count) => count + 1));
    });
    return () => {
      cancel();
      stop();
    };
  }, [desktop]);
  // As text: the same again is told nobody, but for once after the machine slept, when the shell believes none of it.
  const told = JSON.stringify({
    serverUrl,
    serverName: serverName.slice(0, 300),
    freshness: state,
    latest,
    onCall,
    heldRole,
  });
  useEffect(() => {
    void desktop.tell(JSON.parse(told) as Parameters<Bridge['tell']>[0]).catch(() => undefined);
  }, [desktop, told, woken]);
}

function useNativeMenu(desktop: Bridge): void {
  const layers = useCommandStore((store) => store.layers);
  const keymap = useKeymap((store) => store.keymap);
  const show = useToasts((toasts) => toasts.show);
  const active = useMemo(() => activeCommands(layers, keymap), [layers, keymap]);
  const listed = JSON.stringify(menuCommandsOf(active));
  useEffect(() => {
    void desktop.setCommands(JSON.parse(listed) as Parameters<Bridge['setCommands']>[0]).catch(() => undefined);
  }, [desktop, listed]);
  const run = useSteady((id: string) => {
    const command = active.find((one) => one.id === id);
    if (command === undefined) return;
    if ((command.unavailable ?? null) === null) command.run();
    else show({ icon: 'refused', text: `${command.label}: ${command.unavailable}` });
  });
  useEffect(() => desktop.onCommand(run), [desktop, run]);
}

function useAnswers(desktop: Bridge): void {
  const incidents = useTable('incident').rows;
  const can = useCan();
  const submit = useSubmit();
  const escalateTo = useEscalateTo();
  const answered = useSteady(async (answer: Answer) => {
    const incident = incidents.get(answer.incidentId);
    const kind = answer.kind === 'acknowledge' ? 'incident.acknowledge' : 'escalation.escalate';
    const plan = planOf(answer, {
      known: incident !== undefined,
      cannot: incident === undefined ? null : can(kind, incident),
      escalateTo: escalateTo(answer.incidentId),
    });
    if (plan.do === 'show') navigate(`#/incidents/${answer.incidentId}/answer`);
    await carryOut(answer, incident, plan, { submit, after, notify: desktop.notify });
  });
  // Before all of the copy is there its incident might seem not to be.
  const whole = useTablesWhole();
  useEffect(() => (whole ? desktop.onAnswer(answered) : undefined), [desktop, answered, whole]);
}
