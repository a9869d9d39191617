import { type Exposure, exposureShare } from './exposure.ts';

/** Who gets a flag in an environment, in the fewest words: "25 % of production", "off in production". */
export function exposureHeadline(exposure: Pick<Exposure, 'on' | 'percent' | 'most'>, environment: string): string {
  const { on, percent, most } = exposure;
  if (!on) return `off in ${environment}`;
  if (percent === 100) return `everyone in ${environment}`;
  if (most === 0) return `on in ${environment}, and it reaches nobody`;
  const share = `${exposureShare(exposure)} of ${environment}`;
  return percent === most ? share : `${share}, depending on who asks`;
}
