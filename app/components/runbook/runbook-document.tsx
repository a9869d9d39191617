import type { ReactNode } from 'react';
import type { PanelDefinition, StepDefinition } from '../../domain/runbook/runbook.ts';
import { Panel } from '../ui/panel.tsx';
import { RunbookBody } from './runbook-body.tsx';
import { RunbookHead } from './runbook-head.tsx';
import type { RunbookText } from './runbook-text.ts';

/**
 * A runbook as a whole document that needs no console and no script: the page's own text, with a note where a live panel
 * would stand. `styles` is the address of its style sheet.
 */
export function RunbookDocument({ text, styles }: { text: RunbookText; styles: string }) {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          httpEquiv="Content-Security-Policy"
          content="script-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'"
        />
        <title>{text.title}</title>
        <link rel="stylesheet" href={styles} />
      </head>
      <body>
        <main className="document">
          <RunbookSheet text={text} />
        </main>
      </body>
    </html>
  );
}

/** The text of a runbook without a console behind it. `underStep` adds to the card of a step. */
export function RunbookSheet({
  text,
  underStep,
}: {
  text: RunbookText;
  underStep?: (step: StepDefinition) => ReactNode;
}) {
  const panel = (_index: number, definition: PanelDefinition) => <PanelPlace panel={definition} />;
  return (
    <>
      <RunbookHead text={text} serviceHref={null} />
      <div className="col">
        <RunbookBody text={text} run={null} panel={panel} underStep={underStep} />
      </div>
    </>
  );
}

function PanelPlace({ panel: { show, options } }: { panel: PanelDefinition }) {
  const { title, ...named } = options;
  const what = Object.entries(named).map(([key, value]) => `${key} ${value}`);
  return (
    <Panel title={title ?? `Live panel: ${show}`}>
      <p className="panel-note">
        The console shows {show} here{what.length > 0 && `, ${what.join(', ')}`}.
      </p>
    </Panel>
  );
}
