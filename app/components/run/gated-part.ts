import type { ApprovalRequest, BrokenGlass } from '../../domain/run/approval.ts';
import type { GateViewer, StepGate } from '../../domain/run/gate-offers.ts';
import type { Actor, Run } from '../../domain/run/run.ts';

/** What a run's page shows of gates: what stands now, who was asked, and glass that was broken. */
export interface GatedPart extends GateViewer {
  requests: ApprovalRequest[];
  glass: BrokenGlass[];
}

/** Reads it for one person. */
export async function gatedPart(
  runs: {
    gates(run: Run): Promise<Record<string, StepGate>>;
    approvalRequests(query: { runId: string }): Promise<ApprovalRequest[]>;
    brokenGlass(query: { runId: string }): Promise<BrokenGlass[]>;
  },
  run: Run,
  person: Actor,
): Promise<GatedPart> {
  const [gates, requests, glass] = await Promise.all([
    runs.gates(run),
    runs.approvalRequests({ runId: run.id }),
    runs.brokenGlass({ runId: run.id }),
  ]);
  return { person, gates, requests, glass };
}
