import { memberState, memberStep, type Panic, type PanicMember } from '../../domain/panic/panic.ts';
import type { PanicSet, PanicTarget } from '../../domain/panic/panic-set.ts';
import type { Actor } from '../../domain/run/run.ts';
import { type AppError, errorCode } from '../../errors.ts';
import type { RunStore } from '../stores.ts';

/** True while an unconfirmed panic is still of the set as it is declared now, and nobody has moved a member's run on. */
export function isFresh(panic: Panic, set: PanicSet): boolean {
  const same = panic.members.length === set.members.length && panic.environment === set.environment;
  return (
    same &&
    panic.members.every(
      (member, index) =>
        member.kind === set.members[index]!.kind &&
        member.name === set.members[index]!.name &&
        member.run?.state === 'open' &&
        ['ready', 'planning', 'refused'].includes(memberState(member)),
    )
  );
}

/** Opens the run of one member, which plans and changes nothing; one that cannot be opened keeps its reason. */
export async function openMember(
  runs: RunStore,
  { environment }: PanicSet,
  { kind, name }: PanicTarget,
  service: string | null,
  actor: Actor,
): Promise<PanicMember> {
  const [template, inputs]: [string, Record<string, string>] =
    kind === 'flag'
      ? ['template:flag.kill', { flag: name, environment }]
      : ['template:cloudrun.traffic', { service: name, to: 'previous-healthy' }];
  try {
    const id = await runs.openRun({ template, inputs, incidentId: null, service }, actor);
    return { kind, name, run: await runs.get(id), problem: null, confirmed: false };
  } catch (error) {
    if (!errorCode(error)) throw error;
    return { kind, name, run: null, problem: (error as AppError).message, confirmed: false };
  }
}

/** A plan that lies there since earlier is read anew, so that the dry run is of now. */
export async function planAgain(runs: RunStore, members: readonly PanicMember[]): Promise<void> {
  for (const member of members) {
    const step = memberStep(member);
    if (step?.state !== 'planned') continue;
    await runs.replan(member.run!.id, step.id).catch((error: unknown) => {
      if (!errorCode(error)) throw error;
    });
  }
}
