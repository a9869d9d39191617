import type { RehearsalStanding } from '../../domain/rehearsal/record.ts';
import type { RunbookInput } from '../../domain/runbook/runbook.ts';
import { paths } from '../../paths.ts';
import { type RunRow, RunRows } from '../run/run-rows.tsx';
import { Panel } from '../ui/panel.tsx';
import { LivePanel } from './live-panel.tsx';
import { OpenRunForm } from './open-run-form.tsx';
import type { PanelData } from './panel-data.ts';
import { Proven } from './rehearsal-view.tsx';
import { RunbookBody } from './runbook-body.tsx';
import { RunbookHead } from './runbook-head.tsx';
import type { RunbookText } from './runbook-text.ts';

/** Everything the runbook page shows; `panels` holds the data of panel blocks by their place among the blocks. */
export interface RunbookPageData extends RunbookText {
  panels: Record<number, PanelData>;
  inputs: RunbookInput[];
  hasSteps: boolean;
  rehearsed: RehearsalStanding;
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
      <RunbookHead text={page} serviceHref={page.service && paths.service(page.service)} />
      <div className="two">
        <div className="col">
          <RunbookBody
            text={page}
            run={open?.id ?? null}
            panel={(index, { options }) => {
              const data = page.panels[index];
              return data ? <LivePanel data={data} title={options.title} /> : null;
            }}
          />
        </div>
        <div className="col">
          {page.hasSteps && (
            <Panel title="Run it">
              <OpenRunForm inputs={page.inputs} incident={page.incident} why={page.whyNot} failure={failure} />
            </Panel>
          )}
          {page.hasSteps && (
            <Panel title="Is it known to work?">
              <div className="panel-body grid gap-1.5 text-[13px]">
                <Proven
                  standing={page.rehearsed}
                  lastRun={page.runs.find(({ state }) => state !== 'prepared') ?? null}
                />
              </div>
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
