import type { Catalog } from '#app/domain/catalog.ts';
import { isRehearsal } from '#app/domain/rehearsal/read-rehearsal.ts';
import type { Rehearsal, RehearsalCase } from '#app/domain/rehearsal/rehearsal.ts';
import type { Problem, Runbook } from '#app/domain/runbook/runbook.ts';

/** A case to be played. */
export interface ChosenCase {
  runbook: Runbook;
  rehearsal: Rehearsal;
  story: RehearsalCase;
  /** Its place in the file. */
  index: number;
}

/** What is played, and what cannot be. */
export interface Choice {
  cases: ChosenCase[];
  /** Runbooks with steps and without a rehearsal file. */
  notRehearsed: string[];
  /** Errors in rehearsal files: what they would prove is not known. */
  broken: Problem[];
  /** Runbooks whose steps call an endpoint at a real address. */
  outside: { slug: string; endpoint: string }[];
}

/** Chooses by slugs and by a pattern of case names, in which `*` is anything. `outside` names endpoints that must not be called. */
export function chooseCases(
  catalog: Pick<Catalog, 'runbooks' | 'rehearsals' | 'problems'>,
  by: { only: readonly string[]; case: string | null },
  outside: readonly string[],
): Choice {
  const wanted = (slug: string) => by.only.length === 0 || by.only.includes(slug);
  const pattern = by.case === null ? /^/ : patternOf(by.case);
  const choice: Choice = { cases: [], notRehearsed: [], broken: [], outside: [] };
  for (const runbook of catalog.runbooks) {
    if (runbook.steps.length === 0 || !wanted(runbook.slug)) continue;
    const beside = `runbooks/${runbook.slug}.rehearsal.`;
    const broken = catalog.problems.filter(
      ({ file, severity }) => severity === 'error' && isRehearsal(file) && file.startsWith(beside),
    );
    choice.broken.push(...broken);
    const rehearsal = catalog.rehearsals?.find((one) => one.runbook === runbook.slug);
    const endpoint = runbook.steps
      .map((step) => step.with.endpoint ?? step.with.to)
      .find((to) => outside.includes(String(to)));
    if (!rehearsal) {
      if (broken.length === 0) choice.notRehearsed.push(runbook.slug);
    } else if (endpoint !== undefined) choice.outside.push({ slug: runbook.slug, endpoint: String(endpoint) });
    else
      for (const [index, story] of rehearsal.cases.entries())
        if (pattern.test(story.name)) choice.cases.push({ runbook, rehearsal, story, index });
  }
  return choice;
}

function patternOf(text: string): RegExp {
  const escaped = text.replace(/[\\^$.|?+()[\]{}]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${escaped}$`, 'i');
}
