/** Stages of a form begun at `percent`: what comes up to there is one stage, watched and approved as its last one was. */
export function beginningAt(stages: string, percent: number): string {
  const lines = stages.split('\n');
  const last = lines.findLast((line) => share(line) <= percent) ?? lines[0] ?? '';
  return [withShare(last, percent), ...lines.filter((line) => share(line) > percent)].join('\n');
}

/**
 * Stages of a form without those that are not above the share that stands already, percent: a rollout only goes up. Where
 * one alone is left, one half-way to it comes first, watched and approved as the last that fell away; where none is left,
 * it ends at 100 %.
 */
export function stagesAbove(stages: string, stands: number): string {
  const lines = stages.split('\n');
  const last = lines.findLast((line) => share(line) <= stands);
  if (last === undefined) return stages;
  const left = lines.filter((line) => share(line) > stands);
  const above = left.length > 0 ? left : [withShare(last, 100)];
  const half = Math.floor((stands + share(above[0]!)) / 10) * 5;
  return (above.length === 1 && half > stands ? [withShare(last, half), ...above] : above).join('\n');
}

const share = (line: string) => Number.parseInt(line, 10);
const withShare = (line: string, percent: number) => line.replace(/^\d+/, String(percent));
