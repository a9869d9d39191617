import { useNavigate } from '@remix-run/react';
import { useEffect, useState } from 'react';
import { KeysHelp } from './keys-help.tsx';
import { goKeys } from './links.tsx';
import { singleKeysOn } from './single-keys.ts';

/** The keyboard: `g` then a letter goes to a page, `j` and `k` walk the rows, `/` finds, `?` lists them. Never while somebody types. */
export function Keys() {
  const navigate = useNavigate();
  const [help, setHelp] = useState(false);
  useEffect(() => {
    let gAt = Number.NEGATIVE_INFINITY;
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(target)) return;
      if (event.key === '?') setHelp(true);
      if (!singleKeysOn()) return;
      if (event.key === 'g') {
        gAt = event.timeStamp;
        return;
      }
      const page = event.timeStamp - gAt < 1_500 ? goKeys.get(event.key) : undefined;
      gAt = Number.NEGATIVE_INFINITY;
      if (page) {
        event.preventDefault();
        navigate(page.to);
      } else if (event.key === 'j' || event.key === 'k') walk(event.key === 'j' ? 1 : -1);
      else if (event.key === '/') {
        event.preventDefault();
        document.querySelector<HTMLInputElement>('.find input')?.click();
      }
    };
    const onAsk = () => setHelp(true);
    document.addEventListener('keydown', onKey);
    document.addEventListener('firebreak-keys', onAsk);
    return () => {
      document.removeEventListener('keydown', onKey);
      document.removeEventListener('firebreak-keys', onAsk);
    };
  }, [navigate]);
  return help ? <KeysHelp onClose={() => setHelp(false)} /> : null;
}

/** A dialog that was just closed keeps the focus until the next frame: nobody types there any more. */
function isTyping(target: HTMLElement): boolean {
  const dialog = target.closest('dialog');
  return dialog ? dialog.open : target.closest('input, textarea, select') !== null;
}

/** Moves the focus to the next or previous row that leads somewhere. */
function walk(step: 1 | -1): void {
  const all = document.querySelectorAll<HTMLElement>('main a.row, main .row .btn, main tbody tr a:first-of-type');
  const rows = [...all].filter((each) => each.checkVisibility());
  const at = rows.indexOf(document.activeElement as HTMLElement);
  rows[at === -1 ? (step === 1 ? 0 : rows.length - 1) : at + step]?.focus();
}
