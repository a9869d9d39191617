import type { Path } from '../yaml/document.ts';
import type { Reporter } from '../yaml/validate.ts';
import { type IndicatorJson, type RequestBased, secondsOf } from './cloud-monitoring-schema.ts';

/** What an indicator becomes: the ratio, and the slices of time where windows are good or bad as a whole. */
export interface CarriedIndicator {
  ratioMetric: object;
  slices: { minutes: number; target: number } | null;
}

/** The indicator at `path`; null when it cannot be carried over, which is reported. */
export function carryIndicator(
  { basicSli, requestBased, windowsBased }: IndicatorJson,
  project: string,
  path: Path,
  report: Reporter,
): CarriedIndicator | null {
  const kinds = Object.entries({ basicSli, requestBased, windowsBased }).filter(([, value]) => value !== undefined);
  if (kinds.length !== 1) {
    report.error(
      path,
      `An indicator is one of basicSli, requestBased and windowsBased; here are ${kinds.length}.`,
      null,
      'key',
    );
    return null;
  }
  if (basicSli !== undefined) {
    refuseBasic([...path, 'basicSli'], report);
    return null;
  }
  if (requestBased) {
    const ratioMetric = carryRequestBased(requestBased, project, [...path, 'requestBased'], report);
    return ratioMetric && { ratioMetric, slices: null };
  }
  return carryWindows(windowsBased!, project, [...path, 'windowsBased'], report);
}

function refuseBasic(path: Path, report: Reporter): void {
  report.error(
    path,
    "A basicSli is chosen by Google from the service's type; it names no events to count.",
    'Ask for the SLO with view=EXPLICIT, which spells it out as requestBased.',
    'key',
  );
}

function carryWindows(
  windows: NonNullable<IndicatorJson['windowsBased']>,
  project: string,
  path: Path,
  report: Reporter,
): CarriedIndicator | null {
  const because = {
    goodBadMetricFilter: 'A metric that is true or false counts no events.',
    metricMeanInRange: 'A mean in a range says nothing of how many events were bad.',
    metricSumInRange: 'A sum in a range says nothing of how many events were bad.',
  };
  for (const [key, reason] of Object.entries(because))
    if (windows[key as keyof typeof because] !== undefined) {
      report.error([...path, key], `${reason} It cannot be carried over.`, 'Count good and all events instead.', 'key');
      return null;
    }
  const threshold = windows.goodTotalRatioThreshold;
  const at = [...path, 'goodTotalRatioThreshold'];
  if (threshold?.basicSliPerformance !== undefined) {
    refuseBasic([...at, 'basicSliPerformance'], report);
    return null;
  }
  if (!threshold?.performance) {
    report.error(at, 'Windows need a criterion: "goodTotalRatioThreshold" with "performance".', null, 'key');
    return null;
  }
  if (windows.windowPeriod === undefined) {
    report.error([...path, 'windowPeriod'], '"windowPeriod" is missing: how long a window is.');
    return null;
  }
  const minutes = secondsOf(windows.windowPeriod) / 60;
  if (!Number.isInteger(minutes) || minutes < 1 || 1440 % minutes !== 0) {
    report.error(
      [...path, 'windowPeriod'],
      `Windows of ${windows.windowPeriod} are not whole minutes that divide a day.`,
    );
    return null;
  }
  const ratioMetric = carryRequestBased(threshold.performance, project, [...at, 'performance'], report);
  report.warning(
    [...path, 'windowPeriod'],
    'Windows become Timeslices: a slice without events counts neither as good nor as bad here.',
  );
  return ratioMetric && { ratioMetric, slices: { minutes, target: threshold.threshold ?? 0 } };
}

function carryRequestBased(
  { goodTotalRatio, distributionCut }: RequestBased,
  project: string,
  path: Path,
  report: Reporter,
): object | null {
  if (!goodTotalRatio === !distributionCut) {
    report.error(path, 'Exactly one of "goodTotalRatio" and "distributionCut" is needed.', null, 'key');
    return null;
  }
  const from = (spec: object) => ({ metricSource: { type: 'GoogleCloudMonitoring', spec: { project, ...spec } } });
  if (distributionCut) {
    const { distributionFilter, range } = distributionCut;
    const edges = rangeOf(range ?? {}, [...path, 'distributionCut', 'range'], report);
    return edges && { rawType: 'success', raw: from({ distributionFilter, range: edges }) };
  }
  const { goodServiceFilter: good, badServiceFilter: bad, totalServiceFilter: total } = goodTotalRatio!;
  const at = [...path, 'goodTotalRatio'];
  if (good && bad && total) {
    report.error(at, 'Two of good, bad and total say it all; with three they may disagree.', 'Remove one.', 'key');
    return null;
  }
  if (!total) {
    report.error(
      at,
      'Good and bad events without a filter for all of them cannot be carried over.',
      'Write totalServiceFilter and one of the two.',
      'key',
    );
    return null;
  }
  if (!good && !bad) {
    report.error(at, 'One of "goodServiceFilter" and "badServiceFilter" is missing.', null, 'key');
    return null;
  }
  return {
    counter: true,
    ...(bad ? { bad: from({ filter: bad }) } : { good: from({ filter: good }) }),
    total: from({ filter: total }),
  };
}

type Edge = number | 'Infinity' | '-Infinity' | undefined;

/** Good values as `[min, max)`. A bound that is missing is 0 in Google's JSON. */
function rangeOf({ min, max }: { min?: Edge; max?: Edge }, path: Path, report: Reporter): object | null {
  const [lower, upper] = [min ?? 0, max ?? 0];
  if (lower === '-Infinity' && upper === 'Infinity') {
    report.error(path, 'Every value is good in this range: such an SLO never fails.');
    return null;
  }
  if (max === undefined || lower === 'Infinity' || upper === '-Infinity' || Number(lower) >= Number(upper)) {
    const hint = max === undefined ? 'A missing "max" is 0 in Google\'s JSON; for none write "max": "Infinity".' : null;
    report.error(path, 'No value is good in this range.', hint);
    return null;
  }
  if (lower === 0)
    // A bound inside the first bucket would leave that bucket out; latencies and sizes have no values under 0.
    report.warning(path, 'A lower bound of 0 is left out: values under 0, if there are any, count as good here.');
  return {
    ...(lower === 0 || lower === '-Infinity' ? {} : { min: lower }),
    ...(upper === 'Infinity' ? {} : { max: upper }),
  };
}
