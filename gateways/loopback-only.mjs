// Loaded before a server that cannot be told where to listen: it listens on 127.0.0.1 only.
import { Server } from 'node:net';

const listen = Server.prototype.listen;

Server.prototype.listen = function (...args) {
  const [where] = args;
  if (typeof where === 'object' && where !== null) args[0] = { ...where, host: '127.0.0.1' };
  else if (typeof args[1] === 'string') args[1] = '127.0.0.1';
  else args.splice(1, 0, '127.0.0.1');
  return listen.apply(this, args);
};
