/** Lists of entities, newest first, and how many there are. */
import type { EntityType } from '../entity/documents';
import type { Call } from './call';
import { type Reply, replyOk } from './reply';
import { viewForList } from './views';

/** `GET COLLECTION`: a page of the entities below `path`, or with `count=true` their number. */
export function listEntities(call: Call, collection: string, type: EntityType, path: string): Reply {
  const { limit, skip } = call.query.readPage(collection);
  const counting = call.query.readFlag('count');
  const all = call.store.entities.list(type, path);
  if (counting) return replyOk({ [collection]: Math.max(0, all.length - skip) });
  return replyOk(all.slice(skip, skip + limit).map(viewForList));
}
