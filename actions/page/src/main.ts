/** The page's script: what is chosen goes to the list. */
import { PHOTOGRAPH_BYTES, REQUEST_BYTES } from '../../../contract/limits';
import { onChoice } from './choose';
import { List } from './list';
import { part } from './part';
import { STATE } from './words';

const large = document.body.dataset.large === 'bucket' ? 'bucket' : 'none';
const most = large === 'bucket' ? PHOTOGRAPH_BYTES : REQUEST_BYTES;
part(document, '#limit', HTMLElement).textContent = STATE.limit(most);

const list = new List(large, () => part(document, '#files', HTMLInputElement).focus());
onChoice((files) => list.add(files));
