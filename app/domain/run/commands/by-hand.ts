import type { Catalog } from '../../catalog.ts';
import { safeWords } from '../../flag/safe-words.ts';
import type { CloudRunTarget, Service } from '../../service/service.ts';
import { endpointCommand } from './endpoint-command.ts';
import { safeCommands } from './flag-commands.ts';
import { type Blank, fillKnown, isChosen, type Known, nothingKnown } from './known-values.ts';
import { acknowledge, escalate, note, resolve, snooze } from './pagerduty-commands.ts';
import { shellWord } from './shell-word.ts';
import { trafficCommands } from './traffic-commands.ts';

/** A shell command, and what it does. */
export interface HandCommand {
  label: string;
  command: string;
}

/** What a person does in place of a step: sentences, then commands in their order. Credentials are variables of the shell. */
export interface HandWork {
  say: string[];
  commands: HandCommand[];
}

/** What the instructions are made from. */
export interface HandFacts {
  catalog: Pick<Catalog, 'flags' | 'services' | 'endpoints'>;
  /** Id of the run's service, for a step that names none. */
  service: string | null;
  /** Values that expressions have already; absent where none is known. */
  known?: Known;
}

/** Stands for what is chosen when the run is opened; the shell's variable takes its place. */
const chosen = { flag: 'CHOSEN_FLAG', revision: 'CHOSEN_REVISION' };

/**
 * The instructions of a step by what its file says, with every value that is known. The flag and the revision that are not are
 * variables that the person sets in the shell; whatever else is not stands in brackets, with a sentence about what belongs there.
 */
export function handWork(uses: string, declared: Record<string, unknown>, facts: HandFacts): HandWork {
  const { input, blanks } = fillKnown(declared, facts.known ?? nothingKnown);
  return withBlanks(workOf(uses, input, facts), blanks);
}

/** Says of each place to fill in that is left what belongs there. */
function withBlanks({ say, commands }: HandWork, blanks: readonly Blank[]): HandWork {
  const shown = commands.map((each) => ({
    ...each,
    command: blanks.reduce((text, { token }) => text.replaceAll(encodeURIComponent(token), token), each.command),
  }));
  const all = [...say, ...shown.map(({ command }) => command)].join('\n');
  return {
    say: [...say, ...blanks.filter(({ token }) => all.includes(token)).map((blank) => blank.say)],
    commands: shown,
  };
}

function workOf(uses: string, input: Record<string, unknown>, facts: HandFacts): HandWork {
  const [noun] = uses.split('.');
  if (uses === 'manual') return only(text(input.ask));
  if (uses === 'wait') return only(`Wait ${waitWords(input)}.`);
  if (uses === 'notify') return notifyWork(input, facts);
  if (uses === 'snooze') return paged(`Put the page off for ${text(input.for)}.`, snooze(text(input.for)));
  if (noun === 'flag') return flagWork(uses, input, facts);
  if (noun === 'cloudrun') return trafficWork(uses, input, facts);
  if (noun === 'pagerduty') return pagerDutyWork(uses, input);
  if (noun === 'http') return endpointWork(input, facts);
  if (uses === 'github.dispatch') return dispatchWork(input);
  return readWork(uses, input, facts);
}

function only(sentence: string): HandWork {
  return { say: [sentence], commands: [] };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '');
}

/** A number, also one that an input gave as text; null for anything else. */
function share(value: unknown): number | null {
  const found = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof found === 'number' && Number.isFinite(found) ? found : null;
}

function flagWork(uses: string, input: Record<string, unknown>, { catalog }: HandFacts): HandWork {
  const environment = text(input.environment);
  const unknown = isChosen(text(input.flag));
  const name = unknown ? chosen.flag : text(input.flag);
  const declared = catalog.flags.find((flag) => flag.name === name);
  const read: HandCommand = {
    label: 'Who gets it now: enabled and strategies',
    command: curlUnleash('GET', `/api/admin/projects/default/features/${encodeURIComponent(name)}`),
  };
  const say = unknown
    ? ['Set FLAG to the flag: the one that was turned last before it began, unless you know better.']
    : [];
  const finish = (sentence: string, commands: HandCommand[]): HandWork => ({
    say: [...say, sentence],
    commands: commands.map((each) => ({ ...each, command: each.command.replaceAll(chosen.flag, '$FLAG') })),
  });
  if (uses === 'flag.kill') {
    const safe = declared ? safeWords(declared.safe) : 'its safe state';
    if (!declared) say.push('Off is safe for most flags; its file in flags/ says so where on is.');
    const commands = safeCommands({ flag: name, environment }, declared?.safe ?? { state: 'off' });
    return finish(`Bring it to ${safe} in ${environment}.`, [read, ...commands, again(read)]);
  }
  if (uses === 'flag.inspect') return finish(`Read who gets it in ${environment}.`, [read]);
  if (uses === 'flag.define') return finish('Make it in Unleash what its file in flags/ says it is.', [read]);
  const to = input.percent === undefined ? 'what it had before' : `${text(input.percent)} %`;
  return finish(
    `Set it to ${to} in ${environment}, in Unleash: the flag, ${environment}, its gradual rollout. This goes forward: only when what burnt is calm, and with whoever has to approve it.`,
    [read],
  );
}

function again({ command }: HandCommand): HandCommand {
  return { label: 'Read it once more: it has to say what you wanted', command };
}

function curlUnleash(method: string, path: string): string {
  return `curl -fsS -X ${method} -H "Authorization: $UNLEASH_ADMIN_TOKEN" "$UNLEASH_URL${path}"`;
}

function trafficWork(uses: string, input: Record<string, unknown>, { catalog, service }: HandFacts): HandWork {
  const id = input.service === undefined ? service : text(input.service);
  const target = catalog.services.find((one) => one.id === id)?.cloudRun;
  if (!target) return only(`Say in Cloud Run's console which revision of ${id ?? 'the service'} serves.`);
  const read = trafficReads(target);
  if (uses === 'cloudrun.inspect') return { say: ['Read which revision has the traffic.'], commands: read };
  const to = text(input.to);
  const latest = to.toUpperCase() === 'LATEST';
  const revision = latest ? null : isChosen(to) ? chosen.revision : to;
  const first = share(input.first);
  const percent = input.percent === undefined ? 100 : share(input.percent);
  const say = [
    ...(revision === chosen.revision
      ? ['Set REVISION to the newest revision that served before it began; the list has them by time.']
      : []),
    ...(first === null ? [] : [`The first ${first} % are held for ${text(input.hold ?? '2m')}: look at the failures.`]),
    latest ? 'Route to the latest revision. This goes forward.' : 'Route to a revision that has served before.',
  ];
  if (percent === null) say.push(`Give it ${text(input.percent)} % of the traffic.`);
  const moves = percent === null ? [] : trafficCommands(target, revision, first, percent);
  const commands = moves.map((each) => ({
    ...each,
    command: each.command.replaceAll(chosen.revision, '"$REVISION"'),
  }));
  return { say, commands: [...read, ...commands, { ...read[0]!, label: 'Read it once more' }] };
}

/** How to see which revision serves, and which there are. */
function trafficReads({ project, region, service }: CloudRunTarget): HandCommand[] {
  const at = `--project ${shellWord(project)} --region ${shellWord(region)}`;
  return [
    {
      label: 'Which revision has the traffic',
      command: `gcloud run services describe ${shellWord(service)} ${at} --format 'yaml(status.traffic)'`,
    },
    {
      label: 'The newest revisions',
      command: `gcloud run revisions list --service ${shellWord(service)} ${at} --limit 6 --format 'table(metadata.name,metadata.creationTimestamp,status.conditions[0].status)'`,
    },
  ];
}

/** How to read a service's failures without its metrics. */
export function failureLog({ project, service }: CloudRunTarget, filter = 'severity>=ERROR'): HandCommand {
  const all = `resource.type="cloud_run_revision" AND resource.labels.service_name="${service}" AND ${filter}`;
  return {
    label: 'Failures of the last 15 min',
    command: `gcloud logging read ${shellWord(all)} --project ${shellWord(project)} --freshness 15m --limit 40 --format 'value(timestamp,resource.labels.revision_name,textPayload)'`,
  };
}

function pagerDutyWork(uses: string, input: Record<string, unknown>): HandWork {
  if (uses === 'pagerduty.note') return paged(`Write on the incident: ${text(input.text)}`, note(text(input.text)));
  if (uses === 'pagerduty.acknowledge') return paged('Acknowledge the incident.', acknowledge);
  if (uses === 'pagerduty.resolve') return paged('Resolve the incident, once nothing burns any more.', resolve);
  return paged('Page the next level.', escalate(typeof input.level === 'number' ? input.level : 2));
}

function paged(sentence: string, command: HandCommand): HandWork {
  return {
    say: [sentence, "Set INCIDENT_ID to the PagerDuty incident's id: the end of its address."],
    commands: [command],
  };
}

function notifyWork(input: Record<string, unknown>, { catalog }: HandFacts): HandWork {
  const endpoint = catalog.endpoints?.find(({ name }) => name === input.to);
  const say = [`Tell ${endpoint?.title ?? text(input.to)}: ${text(input.text)}`];
  const sent = endpoint && { label: 'Send', command: endpointCommand(endpoint, { text: text(input.text) }, null) };
  return { say, commands: sent ? [sent] : [] };
}

function endpointWork(input: Record<string, unknown>, { catalog }: HandFacts): HandWork {
  const endpoint = catalog.endpoints?.find(({ name }) => name === input.endpoint);
  if (!endpoint) return only(`Call ${text(input.endpoint)}.`);
  const body = endpoint.use === 'request' ? (input.body ?? {}) : undefined;
  const healthy = `${endpoint.status.join(' or ')}${endpoint.contains === null ? '' : ` and ${endpoint.contains} in the answer`}`;
  return {
    say: [`Call ${endpoint.title}: ${healthy} is what it should say.`],
    commands: [{ label: endpoint.method, command: endpointCommand(endpoint, body, null) }],
  };
}

function dispatchWork(input: Record<string, unknown>): HandWork {
  const fields = Object.entries((input.inputs ?? {}) as Record<string, unknown>);
  const given = fields.map(([name, value]) => ` -f ${shellWord(`${name}=${text(value)}`)}`).join('');
  const at = `--repo ${shellWord(text(input.repo))}`;
  const workflow = shellWord(text(input.workflow));
  return {
    say: ['Look first whether it runs already; start it, and watch it to its end.'],
    commands: [
      { label: 'Is it running', command: `gh run list ${at} --workflow ${workflow} --limit 5` },
      { label: 'Start it', command: `gh workflow run ${workflow} ${at} --ref ${shellWord(text(input.ref))}${given}` },
    ],
  };
}

function readWork(uses: string, input: Record<string, unknown>, { catalog, service }: HandFacts): HandWork {
  const id = input.service === undefined ? service : text(input.service);
  const target = catalog.services.find((one: Service) => one.id === id)?.cloudRun;
  const what =
    input.slo === undefined ? '' : `Look how ${text(input.slo)} does: the share of failures in the last minutes.`;
  const say =
    what === '' ? [`${uses}: read it where it lives${input.filter ? `, by ${text(input.filter)}` : ''}.`] : [what];
  const filter = uses === 'logs.query' && input.filter !== undefined ? text(input.filter) : undefined;
  return { say, commands: target ? [failureLog(target, filter)] : [] };
}

function waitWords(input: Record<string, unknown>): string {
  if (input.slo !== undefined) {
    const bound =
      input.burn_under === undefined ? `over ${text(input.burn_over)}×` : `under ${text(input.burn_under)}×`;
    return `until ${text(input.slo)} burns ${bound}, at most ${text(input.at_most)}`;
  }
  return input.until === undefined ? text(input.for) : `until ${text(input.until)}`;
}
