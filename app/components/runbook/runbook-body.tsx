import { Fragment, type ReactNode } from 'react';
import type { PanelDefinition, StepDefinition } from '../../domain/runbook/runbook.ts';
import { Prose } from './prose.tsx';
import { RunbookProblems } from './runbook-problems.tsx';
import type { RunbookText } from './runbook-text.ts';
import { StepCard } from './step-card.tsx';

/**
 * A runbook's sections, problems, text and steps in their order. `panel` draws the block at an index; `run` is the open
 * run that its steps are seen in, if there is one.
 */
export function RunbookBody({
  text,
  run,
  panel,
  underStep,
}: {
  text: RunbookText;
  run: string | null;
  panel: (index: number, definition: PanelDefinition) => ReactNode;
  /** What stands in the card of a step below what its file says. */
  underStep?: (step: StepDefinition) => ReactNode;
}) {
  return (
    <>
      {text.tabs.length > 1 && (
        <nav className="tabs sections" aria-label="Sections">
          {text.tabs.map((tab) => (
            <a key={tab.anchor} className="tab" href={`#${tab.anchor}`}>
              {tab.text}
            </a>
          ))}
        </nav>
      )}
      {text.problems.length > 0 && <RunbookProblems problems={text.problems} />}
      {text.blocks.map((block, index) => {
        const key = `${index}`;
        if (block.kind === 'html') {
          if (block.html.trim() === '') return null;
          return <Prose key={key} html={block.html} memory={`${text.slug} ${text.digest.slice(0, 12)} ${index}`} />;
        }
        if (block.kind === 'step') {
          return (
            <StepCard key={key} step={block.step} run={run}>
              {underStep?.(block.step)}
            </StepCard>
          );
        }
        return <Fragment key={key}>{panel(index, block.panel)}</Fragment>;
      })}
    </>
  );
}
