import { run } from './run.ts';

// The exit code is set, not forced, so that a pipe gets all of the output.
process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  out: (line) => console.log(line),
  err: (line) => console.error(line),
});
