import { readRolloutText } from '../rollout/text.ts';
import type { CloudRunTarget, Service } from '../service/service.ts';
import type { SourceDocument } from '../yaml/document.ts';
import { type Reporter, validate } from '../yaml/validate.ts';
import { commaList, readAnnotations } from './annotations.ts';
import { approvalNotes, readApprovals } from './approval-notes.ts';
import type { Reach } from './reach.ts';
import { serviceSchema } from './schemas.ts';

const known = ['cloud-run', 'pagerduty-service', 'depends-on', 'kind', 'owner', 'rollout', 'runbook', ...approvalNotes];
const kinds = ['provider', 'database', 'queue', 'catalog', 'cloud-run'] as const;
const resource = /^projects\/([a-z0-9.:-]+)\/locations\/([a-z0-9-]+)\/services\/([a-z0-9-]+)$/;

/** A Service document as a service of the catalog; null when it has errors, which are reported. */
export function readService(source: SourceDocument, reach: Reach, report: Reporter): Service | null {
  const document = validate(serviceSchema, source, report);
  if (!document) return null;
  const notes = readAnnotations(document.metadata.annotations, known, report);
  const { name } = document.metadata;

  const cloudRunText = notes.read('cloud-run');
  const cloudRun = cloudRunText === null ? null : parseCloudRunName(cloudRunText);
  if (cloudRunText !== null && cloudRun === null)
    notes.fail(
      'cloud-run',
      `"${cloudRunText}" is not the name of a Cloud Run service.`,
      'Write projects/{project}/locations/{region}/services/{service}.',
    );

  const kind = notes.read('kind') ?? (cloudRunText ? 'cloud-run' : 'catalog');
  if (!isKind(kind)) notes.fail('kind', `"${kind}" is not a kind of service.`, `One of: ${kinds.join(', ')}.`);
  else if ((kind === 'cloud-run') !== (cloudRunText !== null))
    notes.fail('kind', `Kind "${kind}" and the cloud-run annotation do not go together.`, 'Leave out one of them.');

  const planned = notes.read('rollout');
  const rollout =
    planned === null ? null : readRolloutText(planned, (message, hint) => notes.fail('rollout', message, hint));
  if (planned !== null && cloudRunText === null)
    notes.fail('rollout', 'Only a revision of a Cloud Run service is rolled out.', 'Take it out, or name the service.');

  const owner = notes.read('owner');
  if (owner === null && reach.whole)
    report.error(['metadata', 'annotations'], `Service "${name}" has no owner.`, 'Add firebreak.dev/owner: <team>.');

  const approvals = readApprovals(notes);
  const dependsOn = commaList(notes.read('depends-on'));
  if (dependsOn.includes(name)) notes.fail('depends-on', `Service "${name}" depends on itself.`);
  if (report.failed || !isKind(kind) || owner === null) return null;
  return {
    id: name,
    title: document.metadata.displayName ?? name,
    description: document.spec?.description?.trim() ?? '',
    owner,
    kind,
    cloudRun,
    pagerDutyService: notes.read('pagerduty-service'),
    dependsOn,
    runbook: notes.read('runbook'),
    ...(rollout ? { rollout } : {}),
    ...(approvals ? { approvals } : {}),
  };
}

/** Parts of a Cloud Run resource name; null when it is none. */
function parseCloudRunName(name: string): CloudRunTarget | null {
  const match = resource.exec(name);
  return match ? { project: match[1]!, region: match[2]!, service: match[3]! } : null;
}

function isKind(kind: string): kind is Service['kind'] {
  return (kinds as readonly string[]).includes(kind);
}
