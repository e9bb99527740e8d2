/** From the path of an authenticated request to the handler of its collection. */
import { Refusal } from '../core';
import { messages } from '../entity/messages';
import { DEFAULT_NAMESPACE, findNameProblem, findNamespaceProblem } from '../entity/names';
import { deleteAction, getAction, putAction } from './actions';
import { findIdProblem, getActivation, listActivations } from './activations';
import { refuseMissing, requireOwn, requireReadablePackage } from './authorize';
import type { Call } from './call';
import { describeLimits } from './info';
import { invokeAction } from './invoke';
import { listEntities } from './list';
import { deletePackage, getPackage, putPackage } from './packages';
import { type Reply, replyOk } from './reply';
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
  const problem = findNameProblem(segment);
  if (problem !== undefined) throw new Rejection(400, problem);
}

/** `/namespaces/N/actions/...`: an action, one in a package, or with a trailing slash the list of a package. */
function routeAction(call: Call, [outer = '', ...rest]: readonly string[]): Answer {
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
    const { binding } = requireReadablePackage(call, packageId);
    return listEntities(call, 'actions', 'action', binding ? `${binding.namespace}/${binding.name}` : packageId);
  }
  if (rest.length > 1 || inner === '') throw routeNotFound();
  checkName(inner);
  if (call.method === 'GET' || call.method === 'POST') {
    requireReadablePackage(call, packageId);
  } else {
    requireOwn(call, `${packageId}/${inner}`);
    const outside = call.store.entities.get(packageId);
    if (outside?.entityType !== 'package') throw refuseMissing(outside !== undefined);
    if (outside.binding) throw new Refusal(400, messages.notAllowedOnBinding);
  }
  return handler(call, { path: packageId, name: inner });
}

function routeActivation(call: Call, [id = '', part, ...rest]: readonly string[]): Answer {
  if (call.method !== 'GET') throw routeNotFound();
  const problem = findIdProblem(id);
  if (problem !== undefined) throw new Rejection(400, problem);
  requireOwn(call, `${call.namespace}/${id}`);
  if (rest.length > 0) throw routeNotFound();
  if (part === undefined || part === '') return getActivation(call, id, 'record');
  if (part === 'result' || part === 'logs') return getActivation(call, id, part);
  throw routeNotFound();
}

function routeEntity(call: Call, collection: 'packages' | 'triggers' | 'rules', path: readonly string[]): Answer {
  const handler = HANDLERS[collection][call.method];
  if (!handler) throw routeNotFound();
  const [name = '', ...rest] = path;
  checkName(name);
  if (rest.length > 0) throw routeNotFound();
  requireOwn(call, `${call.namespace}/${name}`);
  return handler(call, { path: call.namespace, name });
}

function routeList(call: Call, collection: keyof typeof TYPES): Answer {
  if (call.method !== 'GET') throw routeNotFound();
  // Anybody may look for shared packages in any namespace; in the namespaces that are not here there are none.
  if (collection !== 'packages') requireOwn(call, call.namespace);
  return listEntities(call, collection, TYPES[collection], call.namespace);
}

function routeCollection(call: Call, collection: string, path: readonly string[]): Answer {
  const isList = path.length === 0 || (path.length === 1 && path[0] === '');
  switch (collection) {
    case 'actions':
      return isList ? routeList(call, collection) : routeAction(call, path);
    case 'packages':
    case 'triggers':
    case 'rules':
      return isList ? routeList(call, collection) : routeEntity(call, collection, path);
    case 'activations':
      if (!isList) return routeActivation(call, path);
      if (call.method !== 'GET') throw routeNotFound();
      requireOwn(call, call.namespace);
      return listActivations(call);
    default:
      if (call.method !== 'GET') throw routeNotFound();
      if (!isList) throw new Rejection(400, messages.limitsInnerRoute);
      requireOwn(call, call.namespace);
      return replyOk(describeLimits(call.maxInFlight));
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
    return replyOk([call.identity.namespace]);
  }
  if (named === '' || !COLLECTIONS.includes(collection)) throw routeNotFound();
  const problem = findNamespaceProblem(named);
  if (problem !== undefined) throw new Rejection(400, problem);
  const namespace = named === DEFAULT_NAMESPACE ? call.identity.namespace : named;
  return routeCollection({ namespace, ...call }, collection, rest);
}
