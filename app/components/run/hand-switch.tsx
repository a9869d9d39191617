import { paths } from '../../paths.ts';

/** Turns the instructions for doing steps by hand on and off; an address, so that it can be sent and works without JavaScript. */
export function HandSwitch({ run, on }: { run: { id: string }; on: boolean }) {
  return (
    <p className="acts">
      <a
        className="btn quiet"
        href={on ? paths.run(run.id) : paths.runByHand(run.id)}
        aria-current={on ? 'true' : undefined}
      >
        {on ? 'Back to Firebreak doing it' : 'Do it by hand'}
      </a>
      <span className="why">
        {on
          ? 'Each step below has the exact commands, and a place to say what you saw.'
          : 'The exact commands of each step: for when Firebreak may not act, or its credentials are refused.'}
      </span>
    </p>
  );
}
