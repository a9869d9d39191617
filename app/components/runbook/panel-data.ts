import type { Change } from '../../domain/change/change.ts';
import type { OnCall } from '../../domain/incident/incident.ts';
import type { ErrorLines, Failures } from '../../domain/incident/observed.ts';
import type { BurnPoint } from '../../domain/slo/evaluation.ts';
import type { FlagRow } from '../flag/row.ts';
import type { SloView } from '../incident/view.ts';
import type { Read } from '../observed-panel.tsx';
import type { ServiceReading } from '../observed-service.ts';

/** What a live panel of a runbook shows, read with the page. */
export type PanelData =
  | { show: 'burn'; slo: SloView | null; points: BurnPoint[]; changes: Change[]; from: number; to: number }
  | { show: 'changes'; changes: Change[] }
  | { show: 'failures'; failures: Read<Failures>; lines: Read<ErrorLines>; past: boolean }
  | { show: 'flag'; flag: FlagRow | null; name: string }
  | { show: 'revision'; reading: Read<ServiceReading> }
  | { show: 'oncall'; onCall: Read<OnCall[]> };
