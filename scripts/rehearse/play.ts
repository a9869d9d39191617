import type { Catalog } from '#app/domain/catalog.ts';
import type { Fault } from '#app/domain/rehearsal/faults.ts';
import type { Rehearsal, RehearsalCase, RehearsalPerson } from '#app/domain/rehearsal/rehearsal.ts';
import { usualPeople } from '#app/domain/rehearsal/rehearsal.ts';
import type { Actor, Run } from '#app/domain/run/run.ts';
import type { Runbook } from '#app/domain/runbook/runbook.ts';
import type { Pace } from './pace.ts';
import type { RehearsalWorld } from './world.ts';

/** One case on its stage: the world, its time, and what is played. */
export interface Play {
  stage: RehearsalWorld;
  pace: Pace;
  catalog: Catalog;
  runbook: Runbook;
  rehearsal: Rehearsal;
  story: RehearsalCase;
  /** Systems that fail right now: what a stop then waits for is wall time. */
  down: Set<string>;
  /** When the receipt of a step's change was first seen open, wall ms by step. */
  receipts: Map<string, number>;
}

/** Why a case cannot go on. `path` leads to the part of the case that could not be done. */
export class Stuck extends Error {
  readonly path: string;
  constructor(path: string, message: string) {
    super(message);
    this.name = 'Stuck';
    this.path = path;
  }
}

/** Somebody of the rehearsal. A responder without teams is of the runbook's own. */
export function actorOf({ rehearsal, runbook }: Pick<Play, 'rehearsal' | 'runbook'>, name: string): Actor {
  const person: RehearsalPerson = rehearsal.people[name] ?? usualPeople[name] ?? { role: 'viewer', teams: [] };
  const own = person.role === 'responder' && runbook.owner !== null ? [runbook.owner] : [];
  return {
    email: `${name}@studio.example`,
    name: name.charAt(0).toUpperCase() + name.slice(1),
    role: person.role,
    teams: person.teams.length > 0 ? person.teams : own,
  };
}

/** Takes note of a fault after which not everybody answers. */
export function darken({ down, pace }: Play, fault: Fault): void {
  if (fault.fault === 'system-down') down.add(fault.system);
  if (fault.fault === 'system-down' || fault.fault === 'no-metrics') pace.dim(true);
}

/** The run as it stands. */
export async function readRun({ stage }: Play, id: string): Promise<Run> {
  const run = await stage.stores.runs.get(id);
  if (!run) throw new Error(`The run ${id} is gone.`);
  return run;
}
