import type { TargetPreview, UpdatePreview } from '#server/contract/status-update.ts';
import { AskedBody, type Asked } from '../../api/asked.tsx';
import { t } from '../../language/words.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Icon, type IconName } from '../../ui/icon.tsx';

const icons: Record<TargetPreview['kind'], IconName> = { timeline: 'timeline', statuspage: 'external', list: 'send' };
const kindWords: Record<TargetPreview['kind'], string> = {
  timeline: t`Timeline`,
  statuspage: t`Status page`,
  list: t`Stakeholder list`,
};

/** Each target as its readers will see it, and who those are. Made by the center, with the code that sends it. */
export function TargetPreviews({
  asked,
  openly,
  onOpenly,
}: {
  asked: Asked<UpdatePreview>;
  openly: boolean;
  onOpenly: (openly: boolean) => void;
}) {
  return (
    <AskedBody asked={asked} what={t`The preview could not be had`}>
      {(preview) => (
        <>
          {/* Taller than most windows: it scrolls, by keys too, and the buttons stay. */}
          <ul className="update-previews" tabIndex={0} aria-label={t`As its readers will see it`}>
            {preview.targets.map((target) => (
              <li key={`${target.kind} ${target.targetId ?? ''}`}>
                <OneTarget target={target} />
              </li>
            ))}
          </ul>
          {needsYes(preview) ? (
            <div className="update-beyond">
              <Checkbox isSelected={openly} onChange={onOpenly}>
                {t`Yes, publish it to readers who may not see this incident`}
              </Checkbox>
            </div>
          ) : null}
        </>
      )}
    </AskedBody>
  );
}

export function needsYes(preview: UpdatePreview | undefined): boolean {
  return preview?.targets.some((target) => target.beyond !== null) ?? false;
}

/** Stand for exactly these readers, whom an approval names. */
export function sealsOf(preview: UpdatePreview | undefined): { id: string; seal: string }[] {
  return (preview?.targets ?? []).flatMap(({ targetId, seal }) =>
    targetId === null || seal === null ? [] : [{ id: targetId, seal }],
  );
}

export function faultOf(preview: UpdatePreview | undefined): string | null {
  const faulty = preview?.targets.find((target) => target.fault !== null);
  return faulty === undefined ? null : t`It cannot go to ${faulty.name}: ${faulty.fault ?? ''}`;
}

function OneTarget({ target }: { target: TargetPreview }) {
  return (
    <section className="update-preview" aria-label={target.name}>
      <div className="row">
        <Icon name={icons[target.kind]} small />
        <h3 className="grow clip">{target.name}</h3>
        {target.kind === 'timeline' ? null : <span className="small-text muted nowrap">{kindWords[target.kind]}</span>}
      </div>
      <p className="small-text muted">{target.readers}</p>
      {target.beyond === null ? null : (
        <p className="update-warning">
          <Icon name="refused" small /> {target.beyond}
        </p>
      )}
      {target.fault === null ? null : (
        <p className="update-warning">
          <Icon name="refused" small /> {t`It cannot go there: ${target.fault}`}
        </p>
      )}
      <div className="update-sheet">
        {target.title === null ? null : <p className="strong wrap-any">{target.title}</p>}
        <p className="update-body wrap-any">{target.body}</p>
      </div>
      {target.notes.length === 0 ? null : <p className="small-text muted">{target.notes.join('. ')}</p>}
    </section>
  );
}
