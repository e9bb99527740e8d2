/** From the path of an authenticated request to the handler of its collection. */
import { Refusal } from '../core';
import { messages } from '../entity/messages';
import { DEFAULT_NAMESPACE, nameProblem, namespaceProblem } from '../entity/names';
import { deleteAction, getAction, putAction } from './actions';
import { activationIdProblem, getActivation, listActivations } from './activations';
import { missing, readablePackage, requireOwn } from './authorize';
import type { Call } from './call';
import { namespaceLimits } from './info';
import { invokeAction } from './invoke';
import { listEntities } from './list';
import { deletePackage, getPackage, putPackage } from './packages';
import { ok, type Reply } from './reply';
import { Rejection } from './request';
import { deleteRule, getRule, postRule, putRule } from './rules';
import { deleteTrigger, getTrigger, postTrigger, putTrigger } from './triggers';

type Answer = Reply | Promise<Reply>;
type Place = { readonly path: string; readonly name: string };
type Handlers = Readonly<Record<string, (call: Call, place: Place) => Answer>>;

const HANDLERS: Readonly<Record<'actions' | 'packages' | 'triggers' | 'rules', Handlers>> = {
  actions: { GET: getAction, PUT: putAction, DELETE: deleteAction, POST: invokeAction },
  packages: { GET: getPackage, PUT: putPackage, DELETE: deletePackage },
  triggers: { GET: getTrigger, PUT: putTrigger, DELETE: deleteTrigger, POST: postTrigger },
  rules: { GET: getRule, PUT: putRule, DELETE: deleteRule, POST: postRule },
};

const TYPES = { actions: 'action', packages: 'package', triggers: 'trigger', rules: 'rule' } as const;

/** What no route takes: as in OpenWhisk also a method that a resource does not have. */
export function routeNotFound(): Rejection {
  return new Rejection(404, messages.routeNotFound);
}

function checkName(segment: string): void {
  const problem = nameProblem(segment);
  if (problem !== undefined) throw new Rejection(400, problem);
}

/** `/namespaces/N/actions/...`: an action, one in a package, or with a trailing slash the list of a package. */
function actionRoute(call: Call, [outer = '', ...rest]: readonly string[]): Answer {
  const handler = HANDLERS.actions[call.method];
  if (!handler) throw routeNotFound();
  checkName(outer);
  const { namespace } = call;
  const [inner] = rest;
  if (inner === undefined) {
    requireOwn(call, `${namespace}/${outer}`);
    return handler(call, { path: namespace, name: outer });
  }
  const packageId = `${namespace}/${outer}`;
  if (rest.length === 1 && inner === '' && call.method === 'GET') {
    const { binding } = readablePackage(call, packageId);
    return listEntities(call, 'actions', 'action', binding ? `${binding.namespace}/${binding.name}` : packageId);
  }
  if (rest.length > 1 || inner === '') throw routeNotFound();
  checkName(inner);
  if (call.method === 'GET' || call.method === 'POST') {
    readablePackage(call, packageId);
  } else {
    requireOwn(call, `${packageId}/${inner}`);
    const outside = call.store.entities.get(packageId);
    if (outside?.entityType !== 'package') throw missing(outside !== undefined);
    if (outside.binding) throw new Refusal(400, messages.notAllowedOnBinding);
  }
  return handler(call, { path: packageId, name: inner });
}

function activationRoute(call: Call, [id = '', part, ...rest]: readonly string[]): Answer {
  if (call.method !== 'GET') throw routeNotFound();
  const problem = activationIdProblem(id);
  if (problem !== undefined) throw new Rejection(400, problem);
  requireOwn(call, `${call.namespace}/${id}`);
  if (rest.length > 0) throw routeNotFound();
  if (part === undefined || part === '') return getActivation(call, id, 'record');
  if (part === 'result' || part === 'logs') return getActivation(call, id, part);
  throw routeNotFound();
}

function entityRoute(call: Call, collection: 'packages' | 'triggers' | 'rules', path: readonly string[]): Answer {
  const handler = HANDLERS[collection][call.method];
  if (!handler) throw routeNotFound();
  const [name = '', ...rest] = path;
  checkName(name);
  if (rest.length > 0) throw routeNotFound();
  requireOwn(call, `${call.namespace}/${name}`);
  return handler(call, { path: call.namespace, name });
}

function listRoute(call: Call, collection: keyof typeof TYPES): Answer {
  if (call.method !== 'GET') throw routeNotFound();
  // Anybody may look for shared packages in any namespace; in the namespaces that are not here there are none.
  if (collection !== 'packages') requireOwn(call, call.namespace);
  return listEntities(call, collection, TYPES[collection], call.namespace);
}

function collectionRoute(call: Call, collection: string, path: readonly string[]): Answer {
  const isList = path.length === 0 || (path.length === 1 && path[0] === '');
  switch (collection) {
    case 'actions':
      return isList ? listRoute(call, collection) : actionRoute(call, path);
    case 'packages':
    case 'triggers':
    case 'rules':
      return isList ? listRoute(call, collection) : entityRoute(call, collection, path);
    case 'activations':
      if (!isList) return activationRoute(call, path);
      if (call.method !== 'GET') throw routeNotFound();
      requireOwn(call, call.namespace);
      return listActivations(call);
    default:
      if (call.method !== 'GET') throw routeNotFound();
      if (!isList) throw new Rejection(400, messages.limitsInnerRoute);
      requireOwn(call, call.namespace);
      return ok(namespaceLimits(call.maxInFlight));
  }
}

const COLLECTIONS = ['actions', 'packages', 'triggers', 'rules', 'activations', 'limits'];

/**
 * Answers a request below `/api/v1`.
 * @param path decoded segments after `/api/v1/`
 * @throws Rejection, Refusal
 */
export async function route(call: Omit<Call, 'namespace'>, path: readonly string[]): Promise<Reply> {
  const [root, named, collection = '', ...rest] = path;
  if (root !== 'namespaces') throw routeNotFound();
  if (named === undefined || (named === '' && path.length === 2)) {
    if (call.method !== 'GET') throw routeNotFound();
    return ok([call.identity.namespace]);
  }
  if (named === '' || !COLLECTIONS.includes(collection)) throw routeNotFound();
  const problem = namespaceProblem(named);
  if (problem !== undefined) throw new Rejection(400, problem);
  const namespace = named === DEFAULT_NAMESPACE ? call.identity.namespace : named;
  return collectionRoute({ ...call, namespace }, collection, rest);
}
