// SPDX-License-Identifier: GPL-2.0-or-later
// A small web service as many are written for Node.js: pages, documents, uploads, a child process, a token that is renewed.
'use strict';
const fs = require('fs');
const http = require('http');
const os = require('os');
const path = require('path');
const zlib = require('zlib');
const crypto = require('crypto');
const { execFile } = require('child_process');

const SITE = '/srv/site';
const DATA = '/data';
const CONFIG = '/srv/app/config/settings.json';
const TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';
const LOG = '/var/log/app/service.log';

let log = fs.createWriteStream(LOG, { flags: 'a' });
process.on('SIGUSR2', () => {
  log.end();
  log = fs.createWriteStream(LOG, { flags: 'a' });
});

// name -> file below folder; what leads out of it is refused.
const inside = (folder, name) => path.join(folder, path.normalize('/' + name));

function send(response, status, body) {
  response.writeHead(status);
  response.end(body);
}

function page(name, response) {
  fs.createReadStream(inside(SITE, name))
    .on('error', () => send(response, 404, 'none\n'))
    .on('open', () => response.writeHead(200))
    .pipe(response);
}

// A document is written aside and renamed into its place.
function store(name, request, response) {
  const part = path.join(DATA, `.${crypto.randomUUID()}.tmp`);
  request.pipe(fs.createWriteStream(part)).on('finish', () => {
    fs.renameSync(part, inside(DATA, name + '.json'));
    send(response, 200, 'written\n');
  });
}

function upload(request, response) {
  const work = fs.mkdtempSync(path.join(os.tmpdir(), 'upload-'));
  const file = path.join(work, 'body.gz');
  request.pipe(zlib.createGzip()).pipe(fs.createWriteStream(file)).on('finish', () => {
    const size = fs.statSync(file).size;
    fs.rmSync(work, { recursive: true });
    send(response, 200, `${size}\n`);
  });
}

function usage(response) {
  execFile('ls', ['-l', DATA], (error, out) => send(response, error ? 500 : 200, out));
}

function identity(response) {
  const settings = JSON.parse(fs.readFileSync(CONFIG));
  send(response, 200, `${settings.title} ${fs.readFileSync(TOKEN).length} ${os.loadavg().length}\n`);
}

http.createServer((request, response) => {
  log.write(`${process.pid} ${request.method} ${request.url}\n`);
  const [, kind, ...rest] = request.url.split('/');
  const name = rest.join('/');
  if (kind === 'healthz') send(response, 200, 'ok\n');
  else if (kind === 'site') page(name, response);
  else if (kind === 'entry' && request.method === 'POST') store(name, request, response);
  else if (kind === 'entry') fs.readFile(inside(DATA, name + '.json'), (e, data) => send(response, e ? 404 : 200, data || 'none\n'));
  else if (kind === 'upload') upload(request, response);
  else if (kind === 'usage') usage(response);
  else if (kind === 'identity') identity(response);
  else send(response, 404, 'none\n');
}).listen(8082, '127.0.0.1');
