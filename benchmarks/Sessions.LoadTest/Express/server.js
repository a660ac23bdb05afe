// express-session with connect-redis, both with their defaults. node server.js <host:port of Redis>
const express = require('express');
const session = require('express-session');
const { RedisStore } = require('connect-redis');
const { createClient } = require('redis');

(async () => {
  const client = createClient({ url: `redis://${process.argv[2]}` });
  await client.connect();

  const app = express();
  app.use(session({ store: new RedisStore({ client, prefix: 'express:' }), secret: 'for a load test only', resave: false, saveUninitialized: false }));
  app.get('/', (request, response) =>
    request.session.user ? response.type('text/plain').send('Hello, World!') : response.status(401).end());
  app.get('/login/:user', (request, response) => {
    request.session.user = request.params.user;
    response.type('text/plain').send('Hello, World!');
  });

  const server = app.listen(0, '127.0.0.1', () =>
    console.log(`Listening: http://127.0.0.1:${server.address().port} ${process.pid}`));
})();
