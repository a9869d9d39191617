import { catalogOf, stepOf } from '../engine/harness.ts';

const steps = {
  kill: stepOf({ id: 'step', uses: 'flag.kill', with: { flag: 'voiceover-v2', environment: 'production' } }),
  acknowledge: stepOf({ id: 'step', uses: 'pagerduty.acknowledge', with: {} }),
  note: stepOf({ id: 'step', uses: 'pagerduty.note', with: { text: 'told' } }),
  wait: stepOf({ id: 'step', uses: 'wait', with: { for: '2s' } }),
  move: stepOf({
    id: 'step',
    uses: 'cloudrun.traffic',
    with: { service: 'voiceover', to: 'previous', percent: 100, first: 5, hold: '1m' },
  }),
};
const one = catalogOf([]);

/** A runbook of one step for each kind of recovery (`kill`, `acknowledge`, `note`), for a wait and for a change in two moves (`move`). */
export const faultCatalog = {
  ...one,
  runbooks: Object.entries(steps).map(([slug, step]) => ({ ...one.runbooks[0]!, slug, steps: [step] })),
};
