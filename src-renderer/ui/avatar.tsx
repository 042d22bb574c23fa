/** A person's initials; a dashed ring where nobody is. */
export function Avatar({ name, me = false, large = false }: { name: string | null; me?: boolean; large?: boolean }) {
  const classes = ['avatar'];
  if (large) classes.push('large');
  if (me) classes.push('me');
  if (name === null) classes.push('none');
  return (
    // Drawn, not written: as text the letters would belong to the name of the button around them.
    <span className={classes.join(' ')} data-initials={name === null ? '' : initials(name)} aria-hidden="true" />
  );
}

function initials(name: string): string {
  const words = name
    .trim()
    .split(/[\s._@-]+/)
    .filter((word) => word !== '');
  const first = words[0] ?? '?';
  const last = words.length > 1 ? (words[words.length - 1] ?? '') : '';
  return (last === '' ? first.slice(0, 2) : first.charAt(0) + last.charAt(0)).toUpperCase();
}
