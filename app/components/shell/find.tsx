import { Form } from '@remix-run/react';
import { useState } from 'react';
import { paths } from '../../paths.ts';
import { Palette } from './palette.tsx';

/** The search field: a plain form without JavaScript, the command palette with it. */
export function Find() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Form method="get" action={paths.search()} className="find desk" role="search">
        <input
          type="search"
          name="q"
          placeholder="Find a service, flag, runbook…"
          aria-label="Find a service, flag, SLO, runbook or incident"
          // Not on focus: who walks by with the Tab key must get past it.
          onClick={(event) => {
            event.currentTarget.blur();
            setOpen(true);
          }}
        />
        <kbd>⌘K</kbd>
      </Form>
      <Palette open={open} onOpenChange={setOpen} />
    </>
  );
}
