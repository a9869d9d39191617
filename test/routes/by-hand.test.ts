import { describe, expect, test } from 'vitest';
import { textOf, visit } from '../support/pages/visit.ts';
import { burningWorld } from '../support/pages/world.ts';

const page = '/runs/run-1';
const byHand = `${page}?by=hand`;

describe('the run page for hands', () => {
  test('is one link away, and shows no commands of its own before', async () => {
    const { html, text } = await visit(page, burningWorld());
    expect(html).toContain(`href="${byHand}"`);
    expect(text).not.toContain('I did it. What did you see?');
  });

  test('has the exact commands of the step that is next, and a form for what was seen', async () => {
    const { html, text } = await visit(byHand, burningWorld());
    expect(text).toContain('Back to Firebreak doing it');
    const form = /<section[^>]*aria-label="By hand:[\s\S]*?<\/section>/.exec(html)?.[0] ?? '';
    expect(textOf(form)).toContain('curl -X POST');
    expect(form).toContain('value="by-hand"');
    expect(form).toContain(`action="${byHand}"`);
    // Steps that wait for their turn have their commands too, and nothing to tell yet.
    expect(html.match(/aria-label="By hand:/g)!.length).toBeGreaterThan(1);
    expect(html.match(/value="by-hand"/g)).toHaveLength(1);
  });

  test('what was seen reaches the store, and leads back to where it was told', async () => {
    const told = { intent: 'by-hand', step: 'kill-flag', seen: 'Unleash shows it off.' };
    const { status, location, told: stores } = await visit(byHand, burningWorld(), { form: told });
    expect(status).toBe(303);
    expect(location).toBe(`${byHand}#step-kill-flag`);
    expect(stores).toContainEqual({
      what: 'byHand',
      with: expect.objectContaining({ runId: 'run-1', stepId: 'kill-flag', seen: 'Unleash shows it off.' }),
    });
  });

  test('without words it is refused in the form', async () => {
    const empty = { intent: 'by-hand', step: 'kill-flag', seen: ' ' };
    const { status, text } = await visit(byHand, burningWorld(), { form: empty });
    expect(status).toBe(400);
    expect(text).toContain('Say it in one sentence.');
  });
});
