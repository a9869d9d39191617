import { ruleWords } from '../approval/rule.ts';
import type { Catalog } from '../catalog.ts';
import { covers, type Freeze, stretchAt } from '../freeze/freeze.ts';
import type { Incident } from '../incident/incident.ts';
import { gateRules, gateSubject } from '../run/gate-rules.ts';
import { memberStep, type PanicMember } from './panic.ts';

/** Something that would keep any other change forward back, and speaks against a panic's way back. */
interface Objection {
  /** The same as long as it is the same: a freeze that comes every week has another one each week. */
  key: string;
  /** One sentence. */
  text: string;
}

/** An objection with the names of the members that it is about. */
export type Against = Objection & { members: string[] };

/** What is asked for objections. `environment` is the console's own; `now` ms. */
export interface AgainstWorld {
  freezes: readonly Freeze[];
  incidents: readonly Pick<Incident, 'id' | 'title' | 'service' | 'children'>[];
  catalog: Catalog | null;
  environment: string;
  now: number;
}

/** What speaks against taking one member back now; nothing where its environment is not protected. */
export function againstMember(member: Pick<PanicMember, 'run'>, world: AgainstWorld): Objection[] {
  const { run } = member;
  const step = memberStep(member);
  if (!run || !step) return [];
  const { freezes, incidents, catalog, environment, now } = world;
  const subject = gateSubject(step.plan?.target ?? null, run.service, catalog, environment);
  if (!subject.protected) return [];
  const { service } = subject;
  const frozen = freezes.flatMap((freeze) => {
    const stretch = covers(freeze, subject) ? stretchAt(freeze, now) : null;
    const key = `freeze/${freeze.id}/${stretch?.from}`;
    return stretch ? [{ key, text: `Changes are frozen: ${sentence(freeze.reason)}` }] : [];
  });
  const open = incidents
    .filter((one) => service !== null && (one.service === service || one.children.includes(service)))
    .map(({ id, title }) => ({ key: `incident/${id}`, text: `An incident is open on ${service}: ${sentence(title)}` }));
  const rules = gateRules(subject, { template: run.template, step: null }, catalog).map((rule) => {
    const who = ruleWords(rule);
    const key = `approval/${rule.of}/${subject.environment}/${who}`;
    return { key, text: `The file of ${rule.of} asks ${who} to approve a change like this.` };
  });
  return [...open, ...frozen, ...rules];
}

/** What speaks against the way back of these members, each objection once. */
export function againstWayBack(members: readonly Pick<PanicMember, 'name' | 'run'>[], world: AgainstWorld): Against[] {
  const found = new Map<string, Against>();
  for (const member of members) {
    for (const { key, text } of againstMember(member, world)) {
      const known = found.get(key) ?? { key, text, members: [] };
      found.set(key, { ...known, members: [...known.members, member.name] });
    }
  }
  return [...found.values()];
}

function sentence(text: string): string {
  return text.trim().replace(/[^.!?]$/, '$&.');
}
