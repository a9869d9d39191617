/** A dashboard in Google's own JSON, as read: `document` is the file untouched, the rest is what the console draws from it. */
export interface Dashboard {
  /** File name without `.json`. */
  slug: string;
  file: string;
  title: string;
  /** Columns of the grid that the widgets' places count in. */
  columns: number;
  widgets: DashboardWidget[];
  variables: DashboardVariable[];
  console: DashboardConsole;
  /** Unknown fields and their order are kept, so that the file deploys unchanged. */
  document: Record<string, unknown>;
}

export const widgetKinds = [
  'xyChart',
  'scorecard',
  'text',
  'blank',
  'collapsibleGroup',
  'singleViewGroup',
  'sectionHeader',
  'timeSeriesTable',
  'pieChart',
  'alertChart',
  'logsPanel',
  'incidentList',
  'errorReportingPanel',
  'treemap',
] as const;
export type WidgetKind = (typeof widgetKinds)[number] | 'unknown';

/** One widget with its place in the grid, in columns and rows. */
export interface DashboardWidget {
  title: string;
  kind: WidgetKind;
  x: number;
  y: number;
  width: number;
  height: number;
  queries: DashboardQuery[];
  thresholds: { value: number; label: string }[];
  /** Markdown of a text widget. */
  text: string | null;
}

/** One query of a widget. `evaluated` is false for languages that the console names but does not run. */
export interface DashboardQuery {
  kind: 'filter' | 'ratio' | 'prometheus' | 'mql' | 'ops-analytics' | 'unknown';
  evaluated: boolean;
  /** The filter, the numerator's filter, or the query's text. */
  text: string;
}

/** A dashboard filter; without a variable it applies to every widget. */
export interface DashboardVariable {
  label: string;
  variable: string | null;
  value: string | null;
}

/** What Google's format lacks, from the sibling `<slug>.console.yaml`. */
export interface DashboardConsole {
  service: string | null;
  /** Slugs. */
  runbooks: string[];
  /** Null: drawn once. */
  refreshSeconds: number | null;
  markers: ('deploy' | 'flag' | 'incident')[];
}
