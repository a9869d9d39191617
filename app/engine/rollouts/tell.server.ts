import type { Catalog } from '../../domain/catalog.ts';
import { ownersChats } from '../../domain/endpoint/owners-chats.ts';
import type { Rollout } from '../../domain/rollout/rollout.ts';
import type { RolloutState } from '../../domain/rollout/transitions.ts';
import { paths } from '../../paths.ts';
import { createOutboxStore } from '../../stores/outbox.server.ts';
import { toRollout } from '../../stores/rollout/rollout-rows.ts';
import type { StoredChat } from '../deliver/send-chat.server.ts';
import type { RolloutDeps } from './deps.ts';

/** States whose coming owners are told of; that it moves on as planned is on its page. */
const worthTelling: readonly RolloutState[] = [
  'held',
  'rolling_back',
  'rolled_back',
  'rollback_unverified',
  'done',
  'superseded',
];

/** Tells the owners of what is rolled out, once each, in their chats, or in every declared one where they have none. Its page has it all. */
export async function tellOfRollouts(
  deps: Pick<RolloutDeps, 'db' | 'clock' | 'mode' | 'notify' | 'link' | 'people'>,
  catalog: Catalog,
): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    const news = await tx
      .updateTable('rollout_entry')
      .set({ told: true })
      .where('told', '=', false)
      .returning(['id', 'rollout_id', 'state', 'text'])
      .execute();
    const outbox = createOutboxStore(deps.db);
    let said = false;
    for (const { id, rollout_id, state, text } of news.sort((a, b) => a.id - b.id)) {
      if (!worthTelling.includes(state) || deps.mode !== 'act') continue;
      const row = await tx.selectFrom('rollout').selectAll().where('id', '=', rollout_id).executeTakeFirstOrThrow();
      const rollout = toRollout(row);
      for (const name of await ownersChats(catalog, ownersOf(catalog, rollout), deps.people)) {
        const link = deps.link(paths.rollout(rollout.id));
        const body: StoredChat = { endpoint: name, text: `${rollout.title}: ${text}`, link, about: rollout.title };
        const delivery = { kind: 'chat' as const, dedupKey: `rollout/${id}/${name}`, body, incident_id: null };
        await outbox.enqueue(tx, delivery, deps.clock.now());
        said = true;
      }
    }
    if (said) await deps.notify('outbox', tx);
  });
}

function ownersOf(catalog: Catalog, { subject, service }: Rollout): string[] {
  return subject.kind === 'flag'
    ? (catalog.flags.find(({ name }) => name === subject.flag)?.owners ?? [])
    : catalog.services.filter(({ id }) => id === service).map(({ owner }) => owner);
}
