import { type ApplicationUsage, byApplication, type FlagHour, type SdkFleet } from '../../domain/flag/usage.ts';
import { countText } from '../../domain/slo/figures.ts';
import { ObservedPanel, type Read } from '../observed-panel.tsx';
import { Empty } from '../ui/empty.tsx';
import { Age, Time } from '../ui/time.tsx';

const staleAfter = 5 * 60_000;

/** Who evaluates a flag: per application its answers by the hour, its instances, their SDKs and how often they ask. */
export function UsagePanel({ read, fleets }: { read: Read<FlagHour[]>; fleets: SdkFleet[] }) {
  return (
    <ObservedPanel
      title="Who evaluates it"
      system="Unleash"
      read={read}
      staleAfter={staleAfter}
      empty={<Empty title="Not read yet">Usage is read from Unleash once a minute.</Empty>}
    >
      {(hours) => {
        const all = byApplication(hours);
        if (all.length === 0) {
          return <Empty title="Nobody in 48 hours">No application has reported an evaluation of it to Unleash.</Empty>;
        }
        return all.map((usage) => (
          <Application
            key={`${usage.environment} ${usage.application}`}
            usage={usage}
            fleet={fleets.find((one) => fits(one, usage)) ?? null}
          />
        ));
      }}
    </ObservedPanel>
  );
}

/** Of everybody whom the application gave it; the counts of each clock hour stand below. */
function share(count: number, { variants }: ApplicationUsage): string {
  const all = Object.entries(variants).reduce((sum, [name, each]) => (name === 'disabled' ? sum : sum + each), 0);
  return all === 0 ? '0\u202f%' : `${Math.round((count / all) * 100)}\u202f%`;
}

function fits(fleet: SdkFleet, usage: ApplicationUsage): boolean {
  return fleet.application === usage.application && fleet.environment === usage.environment;
}

function Application({ usage, fleet }: { usage: ApplicationUsage; fleet: SdkFleet | null }) {
  const variants = Object.entries(usage.variants).filter(([name]) => name !== 'disabled');
  return (
    <div className="row plain">
      <div>
        <div className="row-title">
          <span className="mono">{usage.application}</span> <span className="text-dim">in {usage.environment}</span>
        </div>
        <div className="row-detail">{fleet ? fleetWords(fleet) : 'Its instances have not been read yet.'}</div>
        <div className="row-detail tabular">
          {countText(usage.yes)} yes, {countText(usage.no)} no in 48 h
        </div>
        {variants.length > 0 && (
          <div className="row-detail">
            {variants.map(([name, count]) => `${name} ${countText(count)} (${share(count, usage)})`).join(', ')} by
            variant in 48 h
          </div>
        )}
        <details className="fold">
          <summary>By the hour</summary>
          <table className="table tight">
            <thead>
              <tr>
                <th>Hour from</th>
                <th className="num">Yes</th>
                <th className="num">No</th>
                {variants.map(([name]) => (
                  <th key={name} className="num">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {usage.hours.map(({ hour, yes, no, variants: given }) => (
                <tr key={hour}>
                  <td>
                    <Time at={hour} />
                  </td>
                  <td className="num">{countText(yes)}</td>
                  <td className="num">{countText(no)}</td>
                  {variants.map(([name]) => (
                    <td key={name} className="num">
                      {countText(given[name] ?? 0)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </details>
        {fleet && fleet.instances.length > 0 && (
          <details className="fold">
            <summary>Instances</summary>
            <table className="table tight">
              <thead>
                <tr>
                  <th>Instance</th>
                  <th>SDK</th>
                  <th>Last seen</th>
                </tr>
              </thead>
              <tbody>
                {fleet.instances.map(({ id, sdk, seenAt }) => (
                  <tr key={id}>
                    <td className="mono">{id}</td>
                    <td>{sdk ?? 'does not say'}</td>
                    <td>
                      <Age at={seenAt} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </details>
        )}
      </div>
    </div>
  );
}

function fleetWords({ count, sdks, pollSeconds, reportSeconds }: SdkFleet): string {
  if (count === 0) return 'No instance seen in the last 10 min';
  const versions = Object.entries(sdks)
    .sort((a, b) => b[1] - a[1])
    .map(([sdk, many]) => (many === count ? sdk : `${sdk} (${many})`));
  return [
    `${count} instance${count === 1 ? '' : 's'}`,
    versions.join(', '),
    pollSeconds === null ? 'how often they ask is not known' : `ask every ${Math.round(pollSeconds)} s`,
    reportSeconds === null ? null : `report every ${Math.round(reportSeconds)} s`,
  ]
    .filter((each) => each !== null)
    .join(' · ');
}
