/** Resources of Cloud Monitoring in their JSON form, as its REST API and its console's JSON editor take them. */

/** A number, or an infinite one in words, as JSON writes doubles. */
export type JsonDouble = number | 'Infinity' | '-Infinity';

/** `projects/{project}/services/{service}`. */
export interface ServiceJson {
  name: string;
  displayName: string;
  custom?: Record<string, never>;
  cloudRun?: { serviceName: string; location: string };
  userLabels: Record<string, string>;
}

/** Counts of good, bad and all events, two of the three; or values of a distribution in a range. */
export type RequestBasedJson =
  | { goodTotalRatio: { goodServiceFilter?: string; badServiceFilter?: string; totalServiceFilter?: string } }
  | { distributionCut: { distributionFilter: string; range: { min: JsonDouble; max: JsonDouble } } };

/** `projects/{project}/services/{service}/serviceLevelObjectives/{slo}`. */
export interface ServiceLevelObjectiveJson {
  name: string;
  displayName: string;
  goal: number;
  /** Seconds with an s. */
  rollingPeriod?: string;
  calendarPeriod?: string;
  serviceLevelIndicator:
    | { requestBased: RequestBasedJson }
    | {
        windowsBased: {
          windowPeriod: string;
          goodTotalRatioThreshold: { threshold: number; performance: RequestBasedJson };
        };
      };
  userLabels: Record<string, string>;
}

/** A condition: a time series over a threshold. */
export interface ConditionJson {
  displayName: string;
  conditionThreshold: {
    filter: string;
    aggregations?: { alignmentPeriod: string; perSeriesAligner: string; crossSeriesReducer: string }[];
    comparison: 'COMPARISON_GT';
    thresholdValue: number;
    duration: string;
    trigger: { count: number };
  };
}

/** An AlertPolicy without what the server adds: name, names of conditions, records of changes. */
export interface AlertPolicyJson {
  displayName: string;
  documentation: {
    content: string;
    mimeType: 'text/markdown';
    subject: string;
    links?: { displayName: string; url: string }[];
  };
  userLabels: Record<string, string>;
  conditions: ConditionJson[];
  combiner: 'AND';
  enabled: boolean;
  severity: 'CRITICAL' | 'WARNING';
  notificationChannels?: string[];
}
