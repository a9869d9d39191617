import { owns } from '../audit/permission.ts';
import type { SuspectList } from '../change/change.ts';
import type { Actor } from '../run/run.ts';
import type { FlagDeclaration } from './flag.ts';

/** The share with which what was made safe comes back first, percent. */
export const firstShare = 5;

/** What the owners of a flag are told when somebody else has made it safe. Times ms. */
export interface KillNotice {
  /** `flag/production/voiceover-v2`. */
  target: string;
  flag: string;
  environment: string;
  /** "voiceover-v2 is off in production". */
  title: string;
  at: number;
  by: string;
  owners: string[];
  /** The sentence of whoever did it, or the incident; null when neither is known. */
  why: string | null;
  /** What spoke against it, in words with counts. */
  evidence: string[];
  /** What must be true before it comes back. */
  comeBack: string[];
  /** The share with which it comes back first, percent; absent where the flag is safe otherwise than off. */
  firstShare?: number;
  incidentId: string | null;
  runId: string;
  stepId: string;
}

/** The notice of a kill; null when an owner did it: whoever acts knows. */
export function killNotice(
  kill: Pick<KillNotice, 'target' | 'title' | 'at' | 'incidentId' | 'runId' | 'stepId'> & {
    by: Pick<Actor, 'name' | 'email' | 'teams'>;
    reason: string | null;
  },
  declared: Pick<FlagDeclaration, 'name' | 'owners' | 'slos' | 'safe'>,
  incident: { title: string } | null,
  suspects: SuspectList | null,
): KillNotice | null {
  const { by, reason, ...rest } = kill;
  if (owns(by, declared.owners)) return null;
  const environment = kill.target.split('/')[1] ?? '';
  const suspect = suspects?.suspects.find(({ target }) => target === kill.target);
  const slos = declared.slos.map((slo) => `${slo} burns its budget no faster than it may`);
  return {
    ...rest,
    flag: declared.name,
    environment,
    by: by.name,
    owners: declared.owners,
    why: reason === null ? incident && `For the incident "${incident.title}".` : reason.replace(/[^.!?]$/, '$&.'),
    evidence: suspect?.reasons ?? [],
    comeBack: [
      'what was wrong with it is found and mended',
      ...slos,
      ...(incident ? ['the incident is over'] : []),
      ...(declared.safe.state === 'off' ? [`then at ${firstShare} % first, and looked at before more`] : []),
    ],
    ...(declared.safe.state === 'off' ? { firstShare } : {}),
  };
}

/** The notice as one text, for a note or a chat. */
export function killNoticeText(notice: KillNotice): string {
  const { owners, title, by, why, evidence, comeBack } = notice;
  return [
    `For ${owners.join(', ')}: ${title}, by ${by}.`,
    why === null ? null : `Why: ${why}`,
    evidence.length > 0 ? `Evidence: ${evidence.join('; ')}.` : null,
    `To come back: ${comeBack.join('; ')}.`,
  ]
    .filter((line) => line !== null)
    .join(' ');
}
