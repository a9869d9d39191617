import { type Incident, pageTroubleText } from '../domain/incident/incident.ts';
import { Age } from './ui/time.tsx';

/** Said wherever an incident stands whose page reached nobody. */
export function PageTroubleLine({ incident }: { incident: Pick<Incident, 'pageTrouble'> }) {
  const { pageTrouble } = incident;
  if (!pageTrouble) return null;
  return (
    <span className="mt-1 block font-[550] text-red" role="alert">
      {pageTroubleText(pageTrouble)} First sent <Age at={pageTrouble.since} />.
    </span>
  );
}
