// SPDX-License-Identifier: Apache-2.0
// A part of a screen that is a file of its own, fetched when it is first shown.
import { useEffect, useState } from 'preact/hooks';
import { t } from '../lib/i18n.js';
import { Button } from './parts.jsx';

// `fetch` gives the component; the rest goes to it. A browser asks again only with the whole page.
export function Chunk({ fetch, ...rest }) {
  const [state, set] = useState({ Part: null, failed: false });
  useEffect(() => {
    let alive = true;
    fetch().then((Part) => alive && set({ Part, failed: false }), () => alive && set({ Part: null, failed: true }));
    return () => { alive = false; };
  }, []);
  if (state.Part) return <state.Part {...rest} />;
  if (!state.failed) return <p class="quiet" role="status" data-waits>{t('load.wait')}</p>;
  return (
    <div class="notice bad" role="alert">
      <p>{t('line.none.help')}</p>
      <Button onClick={() => location.reload()}>{t('do.again')}</Button>
    </div>
  );
}
