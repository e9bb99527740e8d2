/** The page's script: what is chosen goes to the list. */
import { largestOf } from './check';
import { onChoice } from './choose';
import { List } from './list';
import { part } from './part';
import { onSettings } from './settings';
import { PRIVACY, STATE } from './words';

const large = document.body.dataset.large === 'bucket' ? 'bucket' : 'none';
part(document, '#limit', HTMLElement).textContent = STATE.limit(largestOf(large));
const kept = document.body.dataset.kept ?? '';
part(document, '#privacy', HTMLElement).textContent = [
  PRIVACY.seen,
  PRIVACY.request[document.body.dataset.platform === 'cloudrun' ? 'cloudrun' : 'openwhisk'],
  ...(large === 'bucket' ? [PRIVACY.bucket(kept)] : []),
].join(' ');

const list = new List(large, () => part(document, '#files', HTMLInputElement).focus());
onSettings(large === 'bucket', (settings) => list.set(settings));
onChoice((files) => list.add(files));
addEventListener('beforeunload', (event) => {
  if (list.hasWork()) event.preventDefault();
});
