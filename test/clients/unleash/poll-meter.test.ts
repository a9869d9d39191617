import { expect, test } from 'vitest';
import { createPollMeter } from '#app/clients/unleash/poll-meter.ts';

const text = (asked: number, more = '') => `# TYPE http_request_duration_milliseconds summary
http_request_duration_milliseconds{quantile="0.5",path="/api/client/features",method="GET",status="304",appName="shop"} 3
http_request_duration_milliseconds_count{path="/api/client/features",method="GET",status="200",appName="shop"} 2
http_request_duration_milliseconds_count{path="/api/client/features",method="GET",status="304",appName="shop"} ${asked - 2}
http_request_duration_milliseconds_count{path="/api/client/metrics",method="POST",status="202",appName="shop"} 99
http_request_duration_milliseconds_count{path="/api/client/features",method="GET",status="304",appName="undefined"} 500
client_registration_total{appName="shop",environment="production",interval="10000"} 4
client_registration_total{appName="shop",environment="production",interval="60000"} 1
client_registration_total{appName="shop",environment="development",interval="90000"} 1
${more}`;

test('the interval is measured from requests, as an upper bound', () => {
  const meter = createPollMeter();
  meter.add(text(100), 0, 1);
  expect(meter.seconds('shop', 2)).toBeNull();
  // Two instances that ask every 15 s: 80 requests in 10 min.
  meter.add(text(180), 600_000, 1);
  const seconds = meter.seconds('shop', 2)!;
  expect(seconds).toBeGreaterThanOrEqual(15);
  expect(seconds).toBeLessThan(15.5);
  expect(meter.seconds('other', 2)).toBeNull();
});

test('too little says nothing', () => {
  const meter = createPollMeter();
  meter.add(text(100), 0, 1);
  meter.add(text(102), 60_000, 1);
  expect(meter.seconds('shop', 2)).toBeNull();
  expect(meter.seconds('shop', 0)).toBeNull();
});

test('a restart of Unleash or another speed of the clock starts anew', () => {
  const meter = createPollMeter();
  meter.add(text(1000), 0, 1);
  meter.add(text(50), 60_000, 1);
  expect(meter.seconds('shop', 1)).toBeNull();
  meter.add(text(90), 120_000, 10);
  expect(meter.seconds('shop', 1)).toBeNull();
  meter.add(text(131), 180_000, 10);
  // One instance, 40 requests and one to spare in 60 s of wall time at speed 10.
  expect(meter.seconds('shop', 1)).toBe(15);
});

test('while data time stands still nothing is said, and never "every 0 s"', () => {
  const meter = createPollMeter();
  meter.add(text(100), 0, 0);
  meter.add(text(180), 600_000, 0);
  expect(meter.seconds('shop', 2)).toBeNull();
  expect(meter.reportSeconds('shop', 'production')).toBeNull();
});

test('reports come as often as the SDKs registered for, the longest counts', () => {
  const meter = createPollMeter();
  expect(meter.reportSeconds('shop', 'production')).toBeNull();
  meter.add(text(1), 0, 1);
  expect(meter.reportSeconds('shop', 'production')).toBe(60);
  meter.add(text(1, 'client_registration_total{appName="a \\"b\\"",environment="production",interval="5000"} 1'), 0, 2);
  expect(meter.reportSeconds('a "b"', 'production')).toBe(10);
});
