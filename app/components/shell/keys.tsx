import { useNavigate } from '@remix-run/react';
import { useEffect } from 'react';
import { goKeys } from './links.tsx';

/** The keyboard: `g` then a letter goes to a page, `j` and `k` walk the rows, `/` finds. Never while somebody types. */
export function Keys() {
  const navigate = useNavigate();
  useEffect(() => {
    let gAt = 0;
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.metaKey || event.ctrlKey || event.altKey || target.closest('input, textarea, select, dialog')) return;
      if (event.key === 'g') {
        gAt = event.timeStamp;
        return;
      }
      const to = event.timeStamp - gAt < 1_500 ? goKeys.get(event.key) : undefined;
      gAt = 0;
      if (to) {
        event.preventDefault();
        navigate(to);
      } else if (event.key === 'j' || event.key === 'k') walk(event.key === 'j' ? 1 : -1);
      else if (event.key === '/') {
        event.preventDefault();
        document.querySelector<HTMLInputElement>('.find input')?.click();
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [navigate]);
  return null;
}

/** Moves the focus to the next or previous row that leads somewhere. */
function walk(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('main a.row, main .row .btn, main tbody tr a:first-of-type')];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  rows[at === -1 ? (step === 1 ? 0 : rows.length - 1) : at + step]?.focus();
}
