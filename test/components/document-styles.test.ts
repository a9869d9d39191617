import { expect, test } from 'vitest';
import { hasStyles } from '#app/components/document-styles.tsx';

test('a browser is taken to have the style sheet only when it has this very one', () => {
  const href = '/assets/app-Bs2NmkI4.css';
  expect(hasStyles('firebreak-session=a.b; styles=app-Bs2NmkI4.css', href)).toBe(true);
  expect(hasStyles('styles=app-Bs2NmkI4.css', href)).toBe(true);
  expect(hasStyles('styles=app-older123.css', href)).toBe(false);
  expect(hasStyles('old-styles=app-Bs2NmkI4.css', href)).toBe(false);
  expect(hasStyles('theme=dark', href)).toBe(false);
  expect(hasStyles(null, href)).toBe(false);
});
