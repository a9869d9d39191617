import type { CloudRunTarget } from '../../service/service.ts';
import type { Plan } from '../run.ts';
import { shellWord } from './shell-word.ts';

/** The same change as gcloud commands, a line a move. */
export function trafficCommands(
  target: CloudRunTarget,
  revision: string | null,
  first: number | null,
  percent: number,
): Plan['commands'] {
  const at = `--project ${shellWord(target.project)} --region ${shellWord(target.region)}`;
  const base = `gcloud run services update-traffic ${shellWord(target.service)} ${at}`;
  const to = (share: number) =>
    revision === null && share === 100 ? '--to-latest' : `--to-revisions ${shellWord(revision ?? 'LATEST')}=${share}`;
  const all = { label: `${percent} %`, command: `${base} ${to(percent)}` };
  return first === null ? [all] : [{ label: `First ${first} %`, command: `${base} ${to(first)}` }, all];
}
