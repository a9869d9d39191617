import { createHmac } from 'node:crypto';
import type { SimClock } from '../world/seams.ts';
import type { PdDelivery, PdState } from './model.ts';

/** Where webhooks go. `formerSecret` signs too while secrets rotate: the header then carries two signatures. */
export interface WebhookTarget {
  url: string;
  secret: string;
  formerSecret?: string;
}

/** How badly webhooks behave: shares of 0 to 1 of all events. Times are data ms. */
export interface WebhookManners {
  lost: number;
  doubled: number;
  late: number;
}

export const usualManners: WebhookManners = { lost: 0.02, doubled: 0.12, late: 0.15 };

const giveUpAfter = 10;

/**
 * Sends v3 webhooks: each a few data seconds late, some by more than a minute and so after younger ones, some twice,
 * some never. Tries again on a dropped connection, 429 and 5xx.
 */
export function createWebhooks(options: {
  clock: SimClock;
  random: () => number;
  state: PdState;
  target: WebhookTarget;
  manners: WebhookManners;
  touch: () => void;
}) {
  const { clock, random, state, target, manners, touch } = options;
  const sending = new Set<string>();

  async function send(delivery: PdDelivery): Promise<void> {
    sending.add(delivery.id);
    const status = await post(target, delivery.body, delivery.id).catch(() => 0);
    sending.delete(delivery.id);
    delivery.attempts += 1;
    const again = status === 0 || status === 429 || status >= 500;
    if (again && delivery.attempts < giveUpAfter) {
      delivery.dueAt = clock.now() + Math.min(600_000, 5_000 * 2 ** delivery.attempts);
    } else {
      state.deliveries.splice(state.deliveries.indexOf(delivery), 1);
    }
    touch();
  }

  return {
    /** Queues an event's body, by the manners. */
    enqueue(id: string, event: object): void {
      const body = JSON.stringify({ event });
      // All draws are made every time, so that one manner's share does not shift what the others draw.
      const [loss, twice, delay, lateness, second] = [random(), random(), random(), random(), random()] as const;
      if (loss < manners.lost) return;
      const dueAt = clock.now() + 300 + delay * 3_700 + (lateness < manners.late ? 20_000 + delay * 70_000 : 0);
      state.deliveries.push({ id: `${id}-1`, dueAt, attempts: 0, body });
      if (twice < manners.doubled) {
        state.deliveries.push({ id: `${id}-2`, dueAt: dueAt + second * 60_000, attempts: 0, body });
      }
      touch();
    },
    /** Sends what is due; resolves when those sends have ended. */
    async tick(): Promise<void> {
      const now = clock.now();
      const due = state.deliveries.filter((delivery) => delivery.dueAt <= now && !sending.has(delivery.id));
      await Promise.all(due.map(send));
    },
  };
}

async function post(target: WebhookTarget, body: string, id: string): Promise<number> {
  const sign = (secret: string) => `v1=${createHmac('sha256', secret).update(body).digest('hex')}`;
  const secrets = target.formerSecret ? [target.formerSecret, target.secret] : [target.secret];
  const response = await fetch(target.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'PagerDuty-Webhook/V3.0',
      'x-webhook-id': id,
      'x-pagerduty-signature': secrets.map(sign).join(','),
    },
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(5_000),
  });
  await response.arrayBuffer();
  return response.status;
}
