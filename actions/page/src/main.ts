/** The page's script: what is chosen goes to the list. */
import { onChoice } from './choose';
import { LARGEST, LIMIT } from './convert';
import { List } from './list';
import { part } from './part';
import { size } from './words';

const large = document.body.dataset.large === 'bucket' ? 'bucket' : 'none';
const most = large === 'bucket' ? LARGEST : LIMIT;
part(document, '#limit', HTMLElement).textContent = `JPEG, up to ${size(most)} each`;

const list = new List(large, () => part(document, '#files', HTMLInputElement).focus());
onChoice((files) => list.add(files));
