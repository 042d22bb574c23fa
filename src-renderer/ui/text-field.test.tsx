import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { TextField } from './text-field.tsx';

it('leaves it to the form what it takes: the browser stops no Enter', () => {
  const drawn = renderToStaticMarkup(<TextField label="Code" isRequired error="This is not the code that was sent." />);
  expect(drawn).toMatch(/<input[^>]* aria-required="true"/);
  expect(drawn).toMatch(/<input[^>]* aria-invalid="true"/);
  expect(drawn).not.toMatch(/<input[^>]* required=/);
});
