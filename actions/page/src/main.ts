/** The page's script: what is chosen goes to the list. */
import { onChoice } from './choose';
import { LIMIT } from './convert';
import { List } from './list';
import { part } from './part';
import { size } from './words';

const large = document.body.dataset.large === 'bucket' ? 'bucket' : 'none';
part(document, '#limit', HTMLElement).textContent =
  large === 'bucket' ? 'JPEG, up to 128 MB each.' : `JPEG, up to ${size(LIMIT)} each.`;

const list = new List(large, () => part(document, '#files', HTMLInputElement).focus());
onChoice((files) => list.add(files));
