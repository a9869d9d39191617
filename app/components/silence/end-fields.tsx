import type { SilenceEnd, SilenceForm, WrongSilence } from '../../domain/silence/request.ts';
import { useZone } from '../ui/clock.tsx';

const texts: Record<'make' | 'extend', Record<SilenceEnd, string>> = {
  make: { '1h': 'for 1 h', '4h': 'for 4 h', tomorrow: 'until tomorrow 9:00', at: 'until my own end' },
  extend: { '1h': 'by 1 h', '4h': 'by 4 h', tomorrow: 'until tomorrow 9:00', at: 'until my own end' },
};

/** Until when: presets, or a time of one's own in the viewer's zone (the organisation's without JavaScript). */
export function EndFields({
  kind,
  form,
  wrong,
  timeZone,
}: {
  kind: 'make' | 'extend';
  form: Pick<SilenceForm, 'end' | 'at'> & { zone: string };
  wrong: WrongSilence | null;
  timeZone: string;
}) {
  const here = useZone(timeZone);
  const zone = form.zone || here;
  const isWrong = wrong?.field === 'at';
  return (
    <>
      <input type="hidden" name="zone" value={zone} />
      <label className="field">
        <span>{kind === 'make' ? 'How long' : 'Longer'}</span>
        <select className="input" name="end" defaultValue={form.end || '1h'}>
          {Object.entries(texts[kind]).map(([end, text]) => (
            <option key={end} value={end}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span>Own end, {zone}</span>
        <input
          type="datetime-local"
          className="input"
          name="at"
          defaultValue={form.at}
          aria-invalid={isWrong || undefined}
          aria-describedby={isWrong ? `wrong-${kind}-at` : undefined}
        />
        {isWrong && (
          <span id={`wrong-${kind}-at`} className="text-red" role="alert">
            {wrong.message}
          </span>
        )}
      </label>
    </>
  );
}
