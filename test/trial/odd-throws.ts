// What only a chain gone wrong throws: nothing in it can be relied on, some of it not even read.

const { proxy, revoke } = Proxy.revocable(new Error('x'), {});
revoke();

function withField(field: string, get: () => unknown): Error {
  return Object.defineProperty(new Error('x'), field, { get });
}

function boo(): never {
  throw new Error('boo');
}

export const oddThrows: [what: string, thrown: unknown][] = [
  ['nothing', undefined],
  ['bare of any prototype', Object.create(null)],
  ['a proxy that was revoked', proxy],
  ['an error whose message is an object', Object.assign(new Error('x'), { message: { a: 1 } })],
  ['an error whose name is a number', Object.assign(new Error('x'), { constructor: 1, name: 7 })],
  ...['message', 'status', 'code', 'cause', 'errors', 'attempts', 'constructor'].map(
    (field): [string, unknown] => [`an error that throws for its ${field}`, withField(field, boo)],
  ),
  ['an error whose causes are a revoked proxy', withField('errors', () => proxy)],
  ['an error whose attempts throw', withField('attempts', () => [withField('target', boo)])],
];
