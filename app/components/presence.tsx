import { useFetcher, useLocation } from '@remix-run/react';
import { useEffect, useRef } from 'react';
import { paths } from '../paths.ts';

const every = 20_000;

/** Says "I am looking at this page" while the tab is visible. The answer is not used: the page's loader tells who else looks. */
export function Presence() {
  const { pathname } = useLocation();
  const fetcher = useFetcher({ key: 'presence' });
  const submit = useRef(fetcher.submit);
  submit.current = fetcher.submit;
  useEffect(() => {
    const tell = () => {
      if (document.visibilityState === 'visible') {
        submit.current({ path: pathname }, { method: 'post', action: paths.presence() });
      }
    };
    tell();
    const timer = setInterval(tell, every);
    return () => clearInterval(timer);
  }, [pathname]);
  return null;
}
