import { setTimeout as sleep } from 'node:timers/promises';
import type { HookPoint } from '#app/engine/runs/port.ts';
import { startProcess } from '../engine/harness.ts';
import { faultCatalog } from './fault-catalog.ts';
import { journalActions } from './journal-target.ts';

// One engine process that ends (or stops) itself at a point around an effect. Started by the tests beside it.
const url = process.env.DATABASE_URL!;
const point = process.env.FAULT_AT as HookPoint;
const signal = process.env.FAULT_SIGNAL as 'SIGKILL' | 'SIGSTOP';
const direction = process.env.FAULT_DIRECTION ?? 'apply';
/** Around which of the step's effects, from 1. */
const effect = Number(process.env.FAULT_EFFECT ?? 1);

let done = false;
let begun = 0;
let visits = 0;
await startProcess({
  url,
  actions: journalActions(url),
  catalog: faultCatalog,
  name: `faulty/${process.pid}`,
  hooks: {
    async at(here, info) {
      if (done || (info.direction ?? direction) !== direction) return;
      if (here === 'before-effect') begun += 1;
      if (here !== point) return;
      // The end of a segment counts when that effect was in it.
      if ((here === 'before-acknowledge' ? begun : ++visits) < effect) return;
      done = true;
      process.kill(process.pid, signal);
      // The signal arrives a moment later; nothing more may happen before it.
      await sleep(100);
    },
  },
});
process.stdout.write(`${JSON.stringify({ ready: process.pid })}\n`);
