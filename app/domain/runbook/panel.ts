import { z } from 'zod';
import { reporter, validate } from '../yaml/validate.ts';
import { type Fence, readFence } from './fence-source.ts';
import type { PanelDefinition, Place, Problem } from './runbook.ts';
import { panelSchemas } from './schema.ts';

type Show = PanelDefinition['show'];
const anyPanel = z.looseObject({ show: z.enum(Object.keys(panelSchemas) as [Show, ...Show[]]) });

/** Reads a `runbook-panel` fence; null with problems when it is not a valid panel. */
export function readPanel(fence: Fence, file: string): { panel: PanelDefinition | null; problems: Problem[] } {
  const { source, problems } = readFence(fence, file);
  if (!source) return { panel: null, problems };
  const report = reporter(source);
  const named = validate(anyPanel, source, report);
  const data = named && validate<z.ZodType<Record<string, unknown>>>(panelSchemas[named.show], source, report);
  if (!named || !data) return { panel: null, problems: [...problems, ...report.problems] };
  const options = Object.entries(data).filter(([key]) => key !== 'show');
  const places: Record<string, Place> = Object.fromEntries(options.map(([key]) => [key, source.place([key])]));
  const panel: PanelDefinition = {
    line: fence.line,
    column: fence.column,
    show: named.show,
    options: Object.fromEntries(options.map(([key, value]) => [key, String(value)])),
    places,
  };
  return { panel, problems };
}
