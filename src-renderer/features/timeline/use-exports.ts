import type { Incident } from '#server/contract/incident.ts';
import { useCall } from '../../api/asked.tsx';
import { t } from '../../language/words.ts';
import { useReachable } from '../../session.tsx';
import { type Command } from '../../ui/commands.ts';
import { saveBlob, saveFile } from '../../ui/save-file.ts';
import { useToasts } from '../../ui/toast.tsx';
import { useClock } from '../../ui/use-clock.ts';
import { codeOf } from '../incidents/incident-facts.ts';
import type { LanePicture } from './draw-lanes.ts';
import { useLaneLook } from './lane-look.ts';
import { pictureFile } from './picture-file.ts';
import type { Viewport } from './viewport.ts';

/** Each way of taking the timeline away, as a command: buttons, menu and palette run the same. */
export function useExports(incident: Incident, picture: LanePicture, view: () => Viewport): Command[] {
  const show = useToasts((state) => state.show);
  const reachable = useReachable();
  const clock = useClock();
  const look = useLaneLook();
  const markdown = useCall((api, id: string) => api.timeline.markdown.query({ id }));
  const json = useCall((api, id: string) => api.timeline.json.query({ id }));
  const name = `${codeOf(incident)}-timeline`;
  const noServer = reachable ? null : t`needs connection: the server makes the file`;
  const failed = (): void =>
    show({ icon: 'refused', text: t`The file was not made, because the server did not answer. Try it once more.` });

  const saveMarkdown = async (): Promise<void> => {
    const text = await markdown.run(incident.id);
    if (text === null) failed();
    else saveFile(`${name}.md`, text, 'text/markdown');
  };
  const saveJson = async (): Promise<void> => {
    const file = await json.run(incident.id);
    if (file === null) failed();
    else saveFile(`${name}.json`, `${JSON.stringify(file, null, 2)}\n`, 'application/json');
  };
  const savePicture = async (): Promise<void> => {
    const blob = await pictureFile({ incident, picture, view: view(), look, clock });
    if (blob === null)
      show({ icon: 'refused', text: t`The picture was not made, because this machine has no room for it.` });
    else saveBlob(`${name}.png`, blob);
  };
  return [
    {
      id: 'timeline.export-markdown',
      keys: null,
      label: t`Export the timeline as Markdown`,
      unavailable: noServer,
      run: () => void saveMarkdown(),
    },
    {
      id: 'timeline.export-json',
      keys: null,
      label: t`Export the timeline as JSON`,
      unavailable: noServer,
      run: () => void saveJson(),
    },
    {
      id: 'timeline.export-picture',
      keys: null,
      label: t`Export the lanes as a picture`,
      keywords: 'png image',
      run: () => void savePicture(),
    },
  ];
}
