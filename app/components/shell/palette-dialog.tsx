import { useFetcher, useNavigate } from '@remix-run/react';
import { Command } from 'cmdk';
import { useEffect, useRef } from 'react';
import { paths } from '../../paths.ts';
import type { Found } from '../search.ts';

/** The palette: everything of the catalog and the open incidents, filtered as one types. */
export function PaletteDialog({ onClose }: { onClose: () => void }) {
  const fetcher = useFetcher<{ found: Found[] }>({ key: 'palette' });
  const navigate = useNavigate();
  const dialog = useRef<HTMLDialogElement>(null);
  const load = useRef(fetcher.load);
  useEffect(() => {
    dialog.current?.showModal();
    load.current(`${paths.search()}?all=1`);
  }, []);
  const go = (href: string) => {
    onClose();
    navigate(href);
  };
  const found = fetcher.data?.found ?? [];
  const kinds = [...new Set(found.map((each) => each.kind))];
  return (
    <dialog ref={dialog} className="palette" onClose={onClose} aria-label="Find or go to">
      <Command label="Find or go to" loop>
        <Command.Input placeholder="Find a service, flag, SLO, runbook or incident" />
        <Command.List>
          <Command.Empty>{fetcher.data ? 'Nothing by that name.' : 'Reading the catalog…'}</Command.Empty>
          {kinds.map((kind) => (
            <Command.Group key={kind} heading={kind}>
              {found
                .filter((each) => each.kind === kind)
                .map((each) => (
                  <Command.Item
                    key={each.href}
                    value={`${each.kind} ${each.title} ${each.id}`}
                    onSelect={() => go(each.href)}
                  >
                    <span>{each.title}</span>
                    <span className="text-faint">{each.note}</span>
                  </Command.Item>
                ))}
            </Command.Group>
          ))}
        </Command.List>
      </Command>
    </dialog>
  );
}
