import type { RunRecord } from '../../domain/report/happened.ts';
import { md, mdBlock, mdCode, mdLink, mdParts } from '../../domain/report/markdown.ts';
import { unjudged } from '../../domain/run/judged.ts';
import type { Plan, RunStep, VerificationState } from '../../domain/run/run.ts';
import { burnText, countText, shareText } from '../../domain/slo/figures.ts';
import { paths } from '../../paths.ts';
import { evidenceLines, isReceipt } from '../run/evidence.ts';
import { resultWords, stateWords } from '../run/step-state.ts';
import { windowText } from '../window-words.ts';
import { actionWords } from './story.ts';
import type { ToldTimes } from './told-times.ts';

const signs = { pass: '✓', fail: '✗', unknown: '?' } as const;

/** One step as it went: its plan with what was seen before, who decided what and why, receipt, proof, and what it said. */
export function stepPart(record: RunRecord, step: RunStep, baseUrl: string, times: ToldTimes): string {
  const { run, audit, lines } = record;
  const result = resultWords(step.result)?.text;
  const changes = step.kind === 'stop' || step.kind === 'forward';
  const title = changes ? (step.plan?.title ?? step.title) : step.title;
  const state = [stateWords(step).text, result].filter(Boolean).join(', ');
  const decided = audit.filter(({ stepId, actor }) => stepId === step.id && actor !== 'engine');
  const said = lines.filter((line) => line.step === step.id);
  return mdParts(
    `#### ${step.index + 1}. ${md(title)}`,
    `${md(state[0]!.toUpperCase() + state.slice(1))}. ${mdCode(step.uses)}, ${mdLink('this step', `${baseUrl}${paths.runStep(run.id, step.id)}`)}.${step.reason ? ` ${md(step.reason)}` : ''}`,
    step.plan && step.state !== 'pending' && planPart(step.plan, step.planHash, times),
    decided.length > 0 &&
      mdParts(
        '**Decided**',
        decided
          .map(
            ({ at, actor, action, reason }) =>
              `- ${times.full(at)}: ${md(actionWords(action))} by ${md(actor)}${reason ? `: ${md(reason)}` : ''}`,
          )
          .join('\n'),
      ),
    receiptPart(step, times),
    step.verification && verificationPart(step.verification, step, times),
    said.length > 0 &&
      mdParts('**Said while it ran**', mdBlock(said.map(({ at, text }) => `${times.utc(at, at)} ${text}`))),
  );
}

function planPart(plan: Plan, hash: string | null, times: ToldTimes): string {
  const facts = [
    plan.target && `Target ${mdCode(plan.target)}.`,
    plan.expected && `Expected: ${md(plan.expected.replace(/\.$/, ''))}.`,
    plan.blast.length > 0 && `Reaches: ${md(plan.blast.join('; '))}.`,
    unjudged(plan) && `Verified: ${unjudged(plan)}.`,
    plan.undo && `Undo: ${md(plan.undo)}`,
    plan.refused && `Refused: ${md(plan.refused)}`,
  ];
  return mdParts(
    `**Plan**, read ${times.full(plan.readAt)}${hash ? `, hash ${mdCode(hash)}` : ''}`,
    plan.diff.length > 0 &&
      mdBlock(
        plan.diff.flatMap(({ sign, text }) => text.split('\n').map((line) => `${sign} ${line}`)),
        'diff',
      ),
    plan.preconditions.map(({ state, text }) => `- ${signs[state]} ${md(text)}`).join('\n'),
    facts.filter(Boolean).join(' '),
  );
}

function receiptPart({ evidence, effectAt }: RunStep, times: ToldTimes): string {
  const inEffect = effectAt === null ? '' : `In effect at ${times.full(effectAt)}.`;
  if (!isReceipt(evidence)) {
    const lines = evidenceLines(evidence);
    const short = lines.filter(({ value }) => !value.includes('\n'));
    const listed = short.map(({ name, value, at }) => `- ${md(name)}: ${at === null ? md(value) : times.full(at)}`);
    const long = lines.filter((line) => !short.includes(line));
    return mdParts(
      inEffect,
      lines.length > 0 && '**Receipt**',
      listed.join('\n'),
      ...long.map(({ name, value }) => mdParts(`${md(name)}:`, mdBlock(value.split('\n')))),
    );
  }
  const layers = evidence.layers.map(
    ({ layer, at, text }) => `- ${md(layer)}: ${md(text)}, ${at === null ? 'not seen' : times.full(at)}`,
  );
  const applications = evidence.applications.map(({ application, text }) => `- ${mdCode(application)}: ${md(text)}`);
  const end = evidence.end === null ? 'still listening' : evidence.end;
  return mdParts(inEffect, `**Receipt** (${md(end)})`, [...layers, ...applications].join('\n'));
}

function verificationPart(v: VerificationState, step: RunStep, times: ToldTimes): string {
  const figures = [
    `burn ${v.burn === null ? 'not known' : burnText(v.burn)}`,
    `${countText(v.bad)} bad of ${countText(v.total)}`,
    `${shareText(v.coverage)} of the window known`,
    v.provisional && 'provisional',
  ];
  const outcome = resultWords(v.outcome ?? step.result)?.text ?? 'not decided yet';
  const said = [
    `- Asked: ${mdCode(v.slo)} burns under ${burnText(v.burnUnder)} over ${md(windowText(v.window))}, on data from after ${times.full(v.effectAt)}`,
    `- Seen at ${times.full(v.lookedAt)}: ${figures.filter(Boolean).join(', ')}`,
    ...(v.text ? [`- ${md(v.text)}`] : []),
  ];
  return mdParts(`**Verification**: ${md(outcome)}`, said.join('\n'));
}
