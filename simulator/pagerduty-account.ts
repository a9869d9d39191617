import type { Catalog } from '#app/domain/catalog.ts';
import type { Account } from './pagerduty/desk.ts';

const people = [
  { id: 'PADA001', name: 'Ada Byron', email: 'ada@studio.example' },
  { id: 'PGRACE1', name: 'Grace Murray', email: 'grace@studio.example' },
  { id: 'PLINUS1', name: 'Linus Reed', email: 'linus@studio.example' },
  { id: 'PROOT01', name: 'Root Admin', email: 'root@studio.example' },
];

/** A service that only PagerDuty knows, as every account has some: an incident on it is nobody's of the catalog. */
export const strangeService = { id: 'PSTRANGE', name: 'Badge printers', source: null };

/** What the outside check pages on: Firebreak itself. */
export const checkService = { id: 'PWATCHER', name: 'Firebreak itself', source: 'outside-check' };

/** The PagerDuty account of a catalog: its services and two that are not in it, the demo's people, Ada on call first and Grace after her. */
export function accountOf(catalog: Catalog): Account {
  return {
    services: [
      ...catalog.services.flatMap((service) =>
        service.pagerDutyService ? [{ id: service.pagerDutyService, name: service.title, source: service.id }] : [],
      ),
      strangeService,
      checkService,
    ],
    users: people,
    onCall: [
      { service: null, level: 1, user: 'PADA001' },
      { service: null, level: 2, user: 'PGRACE1' },
    ],
  };
}
