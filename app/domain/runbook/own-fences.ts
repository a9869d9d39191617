import type { Token } from 'markdown-it';
import { didYouMean } from '../yaml/nearest.ts';
import type { Fence } from './fence-source.ts';
import { type FenceKind, readInfo } from './markdown/fences.ts';
import { readPanel } from './panel.ts';
import type { PanelDefinition, Place, Problem, StepDefinition } from './runbook.ts';
import { type ReadStep, readStep } from './step.ts';

/** One fence of a file, whatever it is: `kind` by its second word, `content` as its copy button has it (line ends are LF). */
export interface FenceFact extends Place {
  /** First word of its info; empty when there is none. */
  language: string;
  kind: FenceKind;
  content: string;
}

/** Every fence of a page. */
export function fenceFacts(tokens: readonly Token[], lines: readonly string[]): FenceFact[] {
  return tokens
    .filter((token) => token.type === 'fence')
    .map((token) => {
      const { line, column, content } = fenceOf(token, lines);
      const { language, kind } = readInfo(token.info);
      return { line, column, language, kind, content };
    });
}

/** What a valid fence of ours is. */
export type Found = { kind: 'step'; step: StepDefinition } | { kind: 'panel'; panel: PanelDefinition };

/** Reads every fence of ours. A fence that is not valid is left out of `found`, and so stays text. */
export function readFences(tokens: Token[], lines: readonly string[], file: string) {
  const found = new Map<Token, Found>();
  const steps: ReadStep[] = [];
  const problems: Problem[] = [];
  for (const token of tokens) {
    if (token.type !== 'fence') continue;
    const { kind, second } = readInfo(token.info);
    const fence = kind === 'text' && !second?.startsWith('runbook-') ? null : fenceOf(token, lines);
    if (!fence) continue;
    if (kind === 'step') {
      const { read, problems: wrong } = readStep(fence, file);
      problems.push(...wrong);
      if (!read) continue;
      steps.push(read);
      found.set(token, { kind, step: read.step });
    } else if (kind === 'panel') {
      const { panel, problems: wrong } = readPanel(fence, file);
      problems.push(...wrong);
      if (panel) found.set(token, { kind, panel });
    } else {
      const hint = didYouMean(second!, ['runbook-step', 'runbook-panel']);
      const message = `A fence "${second!.slice(0, 40)}" does nothing: it is shown as text.`;
      problems.push({ file, line: fence.line, column: fence.column, severity: 'warning', message, hint });
    }
  }
  return { found, steps, problems };
}

function fenceOf(token: Token, lines: readonly string[]): Fence {
  const [start, end] = token.map!;
  const first = lines[start] ?? '';
  const content = token.content.split('\n');
  const sample = content.findIndex((line) => line.trim() !== '');
  const written = sample < 0 ? '' : (lines[start + 1 + sample] ?? '');
  const last = lines[end - 1] ?? '';
  return {
    line: start + 1,
    column: Math.max(0, first.indexOf(token.markup)) + 1,
    content: token.content,
    indent: sample >= 0 && written.endsWith(content[sample]!) ? written.length - content[sample]!.length : 0,
    closed: end - 1 > start && last.trimEnd().endsWith(token.markup),
  };
}
