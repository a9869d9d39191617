import type { SloEvaluation } from '../../domain/slo/evaluation.ts';
import { burnText, windowBurnText } from '../../domain/slo/figures.ts';
import { paths } from '../../paths.ts';
import { useTrouble } from '../source-trouble.tsx';
import type { SloView } from './view.ts';

/** How the SLO of a past incident does now, in one line that leads to its page. */
export function NowLine({ main, evaluation }: { main: SloView; evaluation: SloEvaluation }) {
  const { slo } = main;
  const trouble = useTrouble(main);
  const link = (
    <a className="link" href={paths.slo(slo.id)}>
      {slo.title}
    </a>
  );
  if (trouble !== 'none') {
    const why = trouble === 'not-evaluated' ? 'nobody evaluates it' : 'its source gives no data';
    return (
      <>
        How {link} does now is not known: {why}.
      </>
    );
  }
  const window = evaluation.windows['5m'];
  return (
    <>
      {evaluation.tier !== null && <span className="text-red">▲ It burns again. </span>}
      Now {link} {window.burn === null ? `has ${windowBurnText(window, slo)}` : `burns ${burnText(window.burn)}`} over
      the last 5 min.
    </>
  );
}
