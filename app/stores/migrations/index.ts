import type { Migration } from 'kysely';
import * as first from './001-first.ts';
import * as runEngine from './002-run-engine.ts';
import * as lookedFor from './003-looked-for.ts';
import * as contentFiles from './004-content-files.ts';
import * as runFiles from './005-run-files.ts';
import * as stepsByTarget from './006-steps-by-target.ts';
import * as runbookText from './007-runbook-text.ts';
import * as budgetCorrections from './008-budget-corrections.ts';
import * as paging from './009-paging.ts';
import * as pageStretches from './010-page-stretches.ts';
import * as sharedWork from './011-shared-work.ts';
import * as changesOfFlags from './013-changes-of-flags.ts';
import * as slices from './014-slices.ts';
import * as gates from './015-gates.ts';
import * as runRecords from './016-run-records.ts';
import * as rehearsals from './017-rehearsals.ts';
import * as directKills from './018-direct-kills.ts';
import * as rollouts from './019-rollouts.ts';
import * as askedOfFlags from './020-asked-of-flags.ts';
import * as impactMinutes from './021-impact-minutes.ts';
import * as sloIndicators from './022-slo-indicators.ts';
import * as panicDespite from './023-panic-despite.ts';
import * as changesByTarget from './024-changes-by-target.ts';

/** All migrations in order. Listed by hand: files beside a module vanish in the bundle. Forward only. */
export const migrations: Record<string, Migration> = {
  '001-first': first,
  '002-run-engine': runEngine,
  '003-looked-for': lookedFor,
  '004-content-files': contentFiles,
  '005-run-files': runFiles,
  '006-steps-by-target': stepsByTarget,
  '007-runbook-text': runbookText,
  '008-budget-corrections': budgetCorrections,
  '009-paging': paging,
  '010-page-stretches': pageStretches,
  '011-shared-work': sharedWork,
  '013-changes-of-flags': changesOfFlags,
  '014-slices': slices,
  '015-gates': gates,
  '016-run-records': runRecords,
  '017-rehearsals': rehearsals,
  '018-direct-kills': directKills,
  '019-rollouts': rollouts,
  '020-asked-of-flags': askedOfFlags,
  '021-impact-minutes': impactMinutes,
  '022-slo-indicators': sloIndicators,
  '023-panic-despite': panicDespite,
  '024-changes-by-target': changesByTarget,
};
