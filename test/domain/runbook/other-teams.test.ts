import { describe, expect, it } from 'vitest';
import { provenSafe } from '#app/domain/runbook/markdown/wall.ts';
import { readRunbook } from '#app/domain/runbook/parse.ts';
import { copies, htmlOf } from './html.ts';

const known = new Set(['orders-latency', 'failover', 'contacts']);

/** A page as a team keeps it that has never heard of the console: a Hugo site's, with what several years left in it. */
const page = `+++
title = "Orders: checkout latency"
weight = 30
tags = ["oncall", "orders"]
[params.owner]
slack = "#orders"
+++

<!-- markdownlint-disable MD033 -->
<!--
  Moved from the wiki in 2023.

  \`\`\`
  never shown
  \`\`\`
-->

{{< toc >}}

# Orders: checkout latency 🐢

{{% alert title="Careful" color="warning" %}}
Do **not** restart \`orders-db\`.
{{% /alert %}}

## Meaning

p99 of \`POST /checkout\` is over 2 s for <threshold> minutes. <!-- TODO: link --> See [fail-over](./failover.md#fail-over-now),
[contacts](contacts.md), [the old page](../wiki/old.md), [above](#meaning), [nowhere](#not-here) and https://grafana.example/d/1?a=b&c=d.

| Signal | Bound | Since |
|:-------|------:|:-----:|
| p99    | 2 s   | \`a\\|b\` |
| errors | 1 %   |       |

## Impact

Customers wait<br>and leave.

![the funnel](https://img.example/funnel.png) ![local](img/funnel.png)

## Diagnosis

1. Look at the pods:

   \`\`\`console
   $ kubectl get pods -n orders \\
       --watch
   orders-7c9 1/1 Running
   $ echo "$HOME"
   \`\`\`

2. Read the config:

   * in the cluster
     ~~~yaml {hl_lines=[2]}
     a:
       b: "<c> & d"
     ~~~
   * in Git

     \`\`\`\`md
     \`\`\`sh
     $ nested
     \`\`\`
     \`\`\`\`

3. [ ] Decide.

Or as it was:

\tindented $ code

\`\`\`mermaid
graph TD; A["<b>orders</b>"]-->B
\`\`\`

<details>
<summary>What we saw in <code>2022</code></summary>

- [x] looked
- [ ] understood

\`\`\`\`\`bash title="old.sh"
$ psql -c 'select 1'
\`\`\`\`\`

</details>

## Mitigation

### \`kubectl rollout undo\` & wait

### Über-Fall: 日本語の手順

### Again

### Again

### 🚀

<script>alert("x")</script> <img src=x onerror=alert(1)> [run](javascript:alert(1)) <a href="https://a.example">b</a>

Setext too
----------

\`\`\`sh
kubectl rollout undo deploy/orders   
# the last line has no end`;

const read = (text: string) => {
  const { runbook, fences } = readRunbook(text, 'runbooks/orders-latency.md', { known });
  return { runbook, fences: fences(), html: htmlOf(runbook) };
};

describe('a page of a team that never heard of the console', () => {
  const { runbook, fences, html } = read(page);

  it('needs no mending', () => {
    expect(runbook.problems).toEqual([]);
    expect(runbook.title).toBe('Orders: checkout latency');
    expect(runbook.steps).toEqual([]);
  });

  it('shows everything but comments and front matter', () => {
    for (const part of [
      '{{&lt; toc &gt;}}',
      '{{% alert title=&quot;Careful&quot; color=&quot;warning&quot; %}}',
      '&lt;threshold&gt; minutes.',
      'wait&lt;br&gt;and leave',
      '<td class="align-left">p99</td>\n<td class="align-right">2 s</td>\n<td class="align-center"><code>a|b</code></td>',
      '&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &lt;img src=x onerror=alert(1)&gt;',
      '<span class="code-note">{hl_lines=[2]}</span>',
      '<span class="code-note">Diagram source</span>',
    ])
      expect(html).toContain(part);
    for (const gone of ['never shown', 'TODO', 'markdownlint', 'weight = 30']) expect(html).not.toContain(gone);
    expect(html).not.toMatch(/<(?:script|img|iframe)|javascript:[^<]*"/);
    expect(provenSafe(html)).toBe(true);
  });

  it('has its headings as tabs, with the anchors of GitHub', () => {
    expect([...new Set(runbook.blocks.map(({ section }) => section))]).toEqual([
      null,
      'meaning',
      'impact',
      'diagnosis',
      'mitigation',
    ]);
    expect(runbook.headings.map(({ anchor }) => anchor)).toEqual([
      'orders-checkout-latency-',
      'meaning',
      'impact',
      'diagnosis',
      'mitigation',
      'kubectl-rollout-undo--wait',
      'über-fall-日本語の手順',
      'again',
      'again-1',
      '',
      'setext-too',
    ]);
  });

  it('leads where its links lead, and says which lead nowhere', () => {
    expect(runbook.links?.map(({ href, resolved }) => [decodeURI(href), resolved])).toEqual([
      ['./failover.md#fail-over-now', true],
      ['contacts.md', true],
      ['../wiki/old.md', false],
      ['#meaning', true],
      ['#not-here', false],
      ['https://grafana.example/d/1?a=b&c=d', true],
      // The tag stays text, and the address in it is one all the same.
      ['https://a.example', true],
    ]);
    expect(html).toContain('href="/runbooks/failover#fail-over-now"');
    expect(html.match(/<span class="unresolved"/g)).toHaveLength(2);
    expect(html).toContain(
      '<a href="https://img.example/funnel.png" rel="noopener noreferrer nofollow" class="image">',
    );
    expect(html).toContain('<span class="image" title="Image: img/funnel.png">local</span>');
  });

  it('copies each fence byte for byte, prompts stripped in the console block alone', () => {
    const texts = [
      '$ kubectl get pods -n orders \\\n    --watch\norders-7c9 1/1 Running\n$ echo "$HOME"\n',
      'a:\n  b: "<c> & d"\n',
      '```sh\n$ nested\n```\n',
      'indented $ code\n',
      'graph TD; A["<b>orders</b>"]-->B\n',
      "$ psql -c 'select 1'\n",
      'kubectl rollout undo deploy/orders   \n# the last line has no end',
    ];
    expect(fences.map(({ content }) => content)).toEqual(texts.filter((text) => !text.startsWith('indented')));
    expect(copies(html)).toEqual([texts[0]!.replaceAll(/^\$ /gm, ''), ...texts.slice(1)]);
    expect(html.match(/Copies without the \$ prompts/g)).toHaveLength(1);
    expect(fences.map(({ language, kind }) => `${language} ${kind}`)).toEqual([
      'console text',
      'yaml text',
      'md text',
      'mermaid text',
      'bash text',
      'sh text',
    ]);
  });

  it('has ordered lists to tick, tasks as boxes and details that fold', () => {
    expect(html.match(/data-tick="\d+"/g)).toEqual(['data-tick="1"', 'data-tick="2"', 'data-tick="3"']);
    expect(html).toContain('<input type="checkbox" checked aria-label="Done"> looked');
    expect(html).toMatch(/<details>\s*<summary>What we saw in &lt;code&gt;2022&lt;\/code&gt;<\/summary>\s*<ul>/);
  });

  it('is the same with CRLF', () => {
    const other = read(page.replaceAll('\n', '\r\n'));
    expect(other.html).toBe(html);
    expect(other.runbook.headings).toEqual(runbook.headings);
    expect(other.runbook.links).toEqual(runbook.links);
    expect(other.fences).toEqual(fences);
  });

  it('is read the same a hundred times over: a page of 250 KB', () => {
    const body = page.slice(page.indexOf('# Orders')).concat('\n```\n\n');
    const times = Math.ceil(250_000 / body.length);
    const large = read(body.repeat(times));
    expect(large.runbook.problems).toEqual([]);
    expect(large.fences).toHaveLength(6 * times);
    expect(new Set(copies(large.html)).size).toBe(7);
    expect(large.runbook.headings.filter(({ anchor }) => anchor !== '').length).toBe(
      new Set(large.runbook.headings.map(({ anchor }) => anchor).filter((anchor) => anchor !== '')).size,
    );
  });
});
