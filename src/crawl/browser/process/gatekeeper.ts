// Runs inside a browser's network namespace before the browser does, opens the one socket that leads out of it, and
// hands it to the process outside: a socket stays in the namespace where it was made. Then it ends.
import { createServer } from 'node:net';

const server = createServer();
server.listen({ host: '0.0.0.0', port: 0, exclusive: true }, () => {
  process.send!('gate', server, {}, () => {
    process.disconnect();
    server.close();
  });
});
