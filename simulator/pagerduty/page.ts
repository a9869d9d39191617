import type { Account } from './desk.ts';
import type { PdIncident } from './model.ts';

/** What PagerDuty's own page of an incident shows, as far as it matters here: the title, the details, and the links of its alerts. */
export function incidentPage(incident: PdIncident, account: Account): string {
  const service = account.services.find((one) => one.id === incident.service)?.name ?? incident.service;
  const links = incident.alerts.flatMap((alert) => alert.links).filter((link) => /^https?:/.test(link.href));
  const details = incident.alerts.flatMap((alert) => Object.entries(alert.details));
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>#${incident.number} ${inHtml(incident.title)} · PagerDuty (simulated)</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}dt{font-weight:600}dd{margin:0 0 .5rem;overflow-wrap:anywhere}a{font-weight:600}small{color:#555}</style></head>
<body><small>PagerDuty, simulated</small>
<h1>#${incident.number} ${inHtml(incident.title)}</h1>
<p>${incident.status}, ${incident.urgency} urgency, on ${inHtml(service)}. Opened ${new Date(incident.createdAt).toISOString()}.</p>
<ul>${links.map((link) => `<li><a href="${inHtml(link.href)}">${inHtml(link.text ?? link.href)}</a></li>`).join('')}</ul>
<dl>${details.map(([name, value]) => `<dt>${inHtml(name)}</dt><dd>${inHtml(typeof value === 'string' ? value : JSON.stringify(value))}</dd>`).join('')}</dl>
<h2>What happened</h2>
<ol>${incident.log.map((entry) => `<li>${new Date(entry.at).toISOString()} ${inHtml(entry.summary)}${entry.content ? `: ${inHtml(entry.content)}` : ''}</li>`).join('')}</ol>
</body></html>`;
}

/** Text as HTML shows it, in elements and quoted attributes. */
export function inHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
