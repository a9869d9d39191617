import type { Problem as FileProblem, RunbookBlock, RunbookInput } from '../../domain/runbook/runbook.ts';
import { paths } from '../../paths.ts';
import { type RunRow, RunRows } from '../run/run-rows.tsx';
import { Chip } from '../ui/chip.tsx';
import { Panel } from '../ui/panel.tsx';
import { LivePanel } from './live-panel.tsx';
import { OpenRunForm } from './open-run-form.tsx';
import type { PanelData } from './panel-data.ts';
import { Prose } from './prose.tsx';
import { StepCard } from './step-card.tsx';
import { withoutTitle } from './without-title.ts';

/** Everything the runbook page shows; `panels` holds the data of panel blocks by their place among the blocks. */
export interface RunbookPageData {
  slug: string;
  title: string;
  file: string;
  owner: string | null;
  service: string | null;
  freshness: { state: 'fresh' | 'overdue' | 'undeclared'; text: string };
  tabs: { text: string; anchor: string }[];
  blocks: RunbookBlock[];
  panels: Record<number, PanelData>;
  problems: FileProblem[];
  digest: string;
  inputs: RunbookInput[];
  hasSteps: boolean;
  incident: { id: string; title: string } | null;
  runs: RunRow[];
  whyNot: string | null;
}

/** A runbook: text, live panels and steps in their order; runs of it and the way to open one beside it. */
export function RunbookPage({
  page,
  failure,
}: {
  page: RunbookPageData;
  failure: { message: string; values: Record<string, string> } | null;
}) {
  const open = page.runs.find((run) => run.state === 'open' || run.state === 'prepared') ?? null;
  return (
    <>
      <div className="head">
        <div>
          <h1>{page.title}</h1>
          <p className="meta">
            {page.owner && <span>owned by {page.owner}</span>}
            {page.service && (
              <a className="link" href={paths.service(page.service)}>
                {page.service}
              </a>
            )}
            <span>{page.freshness.text}</span>
            <span className="mono">{page.file}</span>
          </p>
        </div>
        {page.freshness.state === 'overdue' && <Chip tone="warn">review overdue</Chip>}
      </div>
      <div className="two">
        <div className="col">
          {page.tabs.length > 1 && (
            <nav className="tabs sections" aria-label="Sections">
              {page.tabs.map((tab) => (
                <a key={tab.anchor} className="tab" href={`#${tab.anchor}`}>
                  {tab.text}
                </a>
              ))}
            </nav>
          )}
          {page.problems.length > 0 && <Problems problems={page.problems} />}
          {page.blocks.map((block, index) => {
            const key = `${index}`;
            if (block.kind === 'html') {
              const html = index === 0 ? withoutTitle(block.html, page.title) : block.html;
              return <Prose key={key} html={html} memory={`${page.slug} ${page.digest.slice(0, 12)} ${index}`} />;
            }
            if (block.kind === 'step') return <StepCard key={key} step={block.step} run={open?.id ?? null} />;
            const data = page.panels[index];
            return data ? <LivePanel key={key} data={data} title={block.panel.options.title} /> : null;
          })}
        </div>
        <div className="col">
          {page.hasSteps && (
            <Panel title="Run it">
              <OpenRunForm inputs={page.inputs} incident={page.incident} why={page.whyNot} failure={failure} />
            </Panel>
          )}
          {page.runs.length > 0 && (
            <Panel title="Runs of it">
              <RunRows runs={page.runs} />
            </Panel>
          )}
        </div>
      </div>
    </>
  );
}

function Problems({ problems }: { problems: FileProblem[] }) {
  return (
    <Panel title="Problems in this file" stale>
      {problems.map((each) => (
        <div key={`${each.line}:${each.column}${each.message}`} className="panel-note">
          <span className="mono">
            {each.file}:{each.line}:{each.column}
          </span>{' '}
          {each.severity}: {each.message} {each.hint}
        </div>
      ))}
    </Panel>
  );
}
