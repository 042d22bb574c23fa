// An import brings contact methods and takes none away: those that a person has from elsewhere stay.
import type { ConfigFileInput } from '#server/modules/config/as-code/format.ts';
import type { PersonInput, Unmapped } from '#server/modules/importers/draft.ts';

/** As many as a profile can have. */
const methodsMost = 20;

/** Adds them to the people of the file, and says by name which these are and that the imported rules do not use them. */
export function keepMethods(
  file: ConfigFileInput,
  before: Readonly<Record<string, Pick<PersonInput, 'methods'>>>,
): Unmapped[] {
  const notes: Unmapped[] = [];
  for (const [login, person] of Object.entries(file.people ?? {})) {
    const { methods } = person;
    if (methods === undefined) continue;
    const exported = new Set(methods.map(wayOf));
    const taken = new Set<string>();
    for (const method of before[login]?.methods ?? []) {
      const way = wayOf(method);
      const what = `${[method.kind, method.address].filter((word) => (word ?? '') !== '').join(' ')} of ${login}`;
      if (exported.has(way)) {
        if (taken.has(way)) {
          notes.push({
            what,
            why: 'This person has it twice, perhaps through two channels, and the export has it once: one of them goes.',
            suggestion: 'Add it again under People if both are needed.',
          });
        }
        taken.add(way);
      } else if (methods.length < methodsMost) {
        methods.push(method);
        notes.push({
          what,
          why: 'The export does not have this contact method. It stays, and the rules of the export do not use it.',
          suggestion: 'Add it to the rules of this person under People, or delete it there.',
        });
      } else {
        notes.push({
          what,
          why: `The export does not have this contact method, and a person can have ${methodsMost}: it goes.`,
          suggestion: 'Delete other contact methods of this person first if it is still needed.',
        });
      }
    }
  }
  return notes;
}

/** What a rule of an export names: two of the same could not be told apart. */
function wayOf({ kind, address }: NonNullable<PersonInput['methods']>[number]): string {
  return `${kind} ${address ?? ''}`;
}
