import type { PdIncident } from '../pagerduty/model.ts';
import { inHtml } from '../pagerduty/page.ts';
import type { ServiceView } from '../world/world.ts';

/** The simulator's own front page: who was paged and why the numbers are what they are. */
export function frontPage(view: {
  now: number;
  speed: number;
  drill: string;
  incidents: PdIncident[];
  services: ServiceView[];
  consoleUrl: string;
}): string {
  const incidents = view.incidents.map(
    (one) =>
      `<li><a href="/incidents/${inHtml(one.id)}/view">#${one.number} ${inHtml(one.title)}</a>: ${one.status}, opened ${clock(one.createdAt)}</li>`,
  );
  const rows = view.services.map(
    (one) =>
      `<tr><td>${inHtml(one.service)}</td><td>${one.requests}</td><td>${one.failed}</td><td>${one.weight.toFixed(1)}</td><td>${one.traffic.map((entry) => `${inHtml(entry.revision)} ${Math.round(entry.share * 100)} %`).join(', ')}</td><td>${Object.entries(
        one.exposures,
      )
        .map(([flag, share]) => `${inHtml(flag)} ${Math.round(share * 100)} %`)
        .join(', ')}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>The simulated world</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}td,th{text-align:left;padding:.2rem .8rem .2rem 0;vertical-align:top}</style></head>
<body><h1>The simulated world</h1>
<p>Data time ${clock(view.now)}, running at ${view.speed}×. Drill: ${inHtml(view.drill)}. The console is at <a href="${inHtml(view.consoleUrl)}">${inHtml(view.consoleUrl)}</a>.</p>
<h2>PagerDuty</h2>
${incidents.length > 0 ? `<ul>${incidents.join('')}</ul>` : '<p>Nobody is paged.</p>'}
<h2>Services in their last whole minute</h2>
<table><tr><th>Service</th><th>Requests</th><th>Failed</th><th>Requests per real flag evaluation</th><th>Traffic</th><th>Flags on for</th></tr>${rows.join('')}</table>
</body></html>`;
}

const clock = (ms: number) => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
