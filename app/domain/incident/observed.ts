/** What reading one PagerDuty incident by its id brought, kept as `pagerduty/incident/<id>`. */
export interface PagerDutyFinding {
  found: boolean;
}

/** Bad events of an SLO grouped by what their source tells apart, over [from, to). */
export interface Failures {
  from: number;
  to: number;
  groups: FailureGroup[];
}

/** One group of events; `total` counts good and bad ones of the same revision and region. */
export interface FailureGroup {
  code: string;
  route?: string | null;
  revision: string;
  region: string;
  bad: number;
  total: number;
}

/** The most frequent error lines of a service before and after its errors began. */
export interface ErrorLines {
  onset: number | null;
  before: { message: string; count: number }[];
  after: { message: string; count: number }[];
  /** How many lines were read at most on each side, where there were more than that; absent where all were read. */
  latest?: number;
}
