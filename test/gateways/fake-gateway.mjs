// Stands for a gateway: node fake-gateway.mjs PORT HOW. It starts a child of its own, as servers
// with workers do, so that tests can tell whether all of it is gone.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';

const [port, how] = process.argv.slice(2);
spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
console.log(`fake ${how}, key ${process.env.SOME_KEY}, ${Object.keys(process.env).sort()}`);

const server = createServer((request, response) => {
  if (how === 'fragile' && request.method === 'POST') process.exit(7);
  if (how === 'sick') response.writeHead(503);
  response.end('{}');
  if (request.url === '/crash') process.exit(7);
});

if (how === 'crashes') {
  console.error(`cannot read the configuration ${process.env.SOME_KEY}`);
  process.exit(3);
}
if (how === 'stubborn') process.on('SIGTERM', () => {});
if (how !== 'silent') server.listen(Number(port), '127.0.0.1');
else setInterval(() => {}, 1000);
