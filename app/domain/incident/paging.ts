/** A person who resolves the page while it still burns is left alone this long, then paged anew. */
export const repageAfter = 30 * 60_000;
/** A page that PagerDuty refused is sent anew this often while it burns: its key may have been mended since. */
export const resendRefusedAfter = 10 * 60_000;

/** What PagerDuty was last told about an incident, and what came back. Times data ms. */
export interface PageState {
  /** True while an alert whose SLO pages through Firebreak burns at a page tier. */
  burning: boolean;
  /** The newest event for the incident's dedup key, delivered or waiting; null before the first. */
  last: { action: 'trigger' | 'acknowledge' | 'resolve'; at: number; refused?: boolean } | null;
  /** When the newest PagerDuty incident of that key was resolved; null while one is open or none is known. */
  resolvedAt: number | null;
  at: number;
}

/** The event to send now, if any: one trigger for each time it starts to burn, one resolve when that ends. */
export function pageAction({ burning, last, resolvedAt, at }: PageState): 'trigger' | 'resolve' | null {
  const told = last !== null && last.action !== 'resolve';
  if (!burning) return told ? 'resolve' : null;
  if (!told) return 'trigger';
  if (last.refused) return at - last.at >= resendRefusedAfter ? 'trigger' : null;
  const silenced = resolvedAt !== null && resolvedAt >= last.at && at - resolvedAt >= repageAfter;
  return silenced ? 'trigger' : null;
}
