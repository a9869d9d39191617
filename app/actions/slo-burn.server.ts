import { withinBounds } from '../domain/slo/bound.ts';
import { windowBurnText } from '../domain/slo/figures.ts';
import type { WindowName } from '../domain/slo/slo.ts';
import type { SloStore } from '../stores/stores.ts';

/**
 * The burn of an SLO as last evaluated, over `input.window` (5m unless named), with whether it is within `burn_over` and
 * `burn_under`; `holds` is null where the data do not say. Null before its first evaluation.
 */
export async function readBurn(
  slos: Pick<SloStore, 'state'>,
  slo: string,
  input: Record<string, unknown>,
): Promise<{ burn: number | null; reading: string; holds: boolean | null } | null> {
  const state = await slos.state(slo);
  if (!state) return null;
  const window = String(input.window ?? '5m') as WindowName;
  const found = state.evaluation.windows[window];
  const bound = (value: unknown) => (typeof value === 'number' ? value : undefined);
  const bounds = { over: bound(input.burn_over), under: bound(input.burn_under) };
  return {
    burn: found.burn,
    reading: `${windowBurnText(found)} over ${window}`,
    holds: withinBounds(state, found, bounds),
  };
}
