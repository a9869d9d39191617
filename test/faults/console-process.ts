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

let done = false;
await startProcess({
  url,
  actions: journalActions(url),
  catalog: faultCatalog,
  name: `faulty/${process.pid}`,
  hooks: {
    async at(here, info) {
      if (done || here !== point || info.direction !== direction) return;
      done = true;
      process.kill(process.pid, signal);
      // The signal arrives a moment later; nothing more may happen before it.
      await sleep(100);
    },
  },
});
process.stdout.write(`${JSON.stringify({ ready: process.pid })}\n`);
