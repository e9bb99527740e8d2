/** A program with a resource of each kind, some of them in need of others, as PDFMagic has them. */
const { Bucket, ServiceAccountKey } = require('@pdfmagic/emulated');
const { Action, Api, Package, Rule, Trigger } = require('@pdfmagic/openwhisk');
const { Config, ComponentResource } = require('@pulumi/pulumi');

const config = new Config();
const connection = { apihost: config.require('apihost'), auth: config.require('auth') };
const endpoint = config.require('storage');

class Group extends ComponentResource {
  constructor(name) {
    super('tests:index:Group', name);
  }
}
const options = { parent: new Group('group') };

const inbox = new Bucket('inbox', { endpoint, name: config.require('bucket'), forceDestroy: true });
const key = new ServiceAccountKey('key', { accountId: 'app', project: 'demo', tokenUri: `${endpoint}/token` });
const tools = new Package('tools', { connection }, options);
const action = (name, code, web = 'off') =>
  new Action(name, { connection, package: tools.name, kind: 'nodejs:default', code, web }, options);
const feed = action('feed', 'function main() { return {}; }');
const one = action('one', 'function main() { return { body: "one" }; }', 'on');
const two = new Action(
  'two',
  {
    connection,
    kind: 'nodejs:default',
    code: 'function main(p) { return p; }',
    parameters: { key: key.privateKeyJson },
  },
  options,
);
const api = { connection, basePath: '/every', action: one.fullyQualifiedName, responseType: 'http' };
new Api('get', { ...api, path: '/kind', verb: 'get' }, options);
new Api('post', { ...api, path: '/kind', verb: 'post' }, options);
const trigger = new Trigger(
  'files',
  { connection, parameters: { bucket: inbox.name }, feed: feed.fullyQualifiedName },
  options,
);
new Rule('rule-one', { connection, trigger: trigger.fullyQualifiedName, action: one.fullyQualifiedName }, options);
new Rule('rule-two', { connection, trigger: trigger.fullyQualifiedName, action: two.fullyQualifiedName }, options);
