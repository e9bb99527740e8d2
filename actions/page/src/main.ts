/** The page's script: what is chosen goes to the list. */
import { PHOTOGRAPH_BYTES, REQUEST_BYTES } from '../../../contract/limits';
import { onChoice } from './choose';
import { List } from './list';
import { part } from './part';
import { PRIVACY, STATE } from './words';

const large = document.body.dataset.large === 'bucket' ? 'bucket' : 'none';
const most = large === 'bucket' ? PHOTOGRAPH_BYTES : REQUEST_BYTES;
part(document, '#limit', HTMLElement).textContent = STATE.limit(most);
const kept = document.body.dataset.kept ?? '';
part(document, '#privacy', HTMLElement).textContent = [
  PRIVACY.seen,
  PRIVACY.request,
  ...(large === 'bucket' ? [PRIVACY.bucket(kept)] : []),
].join(' ');

const list = new List(large, () => part(document, '#files', HTMLInputElement).focus());
onChoice((files) => list.add(files));
addEventListener('beforeunload', (event) => {
  if (list.hasWork()) event.preventDefault();
});
