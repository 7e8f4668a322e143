// SPDX-License-Identifier: Apache-2.0
// A radio on the local network that shares no code with the box: multicast, AES and X25519 of Node.js,
// and Meshtastic's protobuf by hand. `node radio.mjs ADDRESS` takes commands from standard input and
// tells on standard output what it heard, both a line each.
import crypto from 'node:crypto';
import dgram from 'node:dgram';
import readline from 'node:readline';

const GROUP = '224.0.0.69', PORT = 4403, EVERYBODY = 0xffffffff, CHANNEL = 'LongFast';
const KEY = Buffer.from('d4f1bb3a20290759f0bcffabcf4e6901', 'hex');  // that everybody knows
const HASH = [...Buffer.from(CHANNEL), ...KEY].reduce((a, b) => a ^ b, 0);
const TEXT = 1, NODE_INFO = 4, ROUTING = 5;

const own = crypto.randomBytes(4).readUInt32LE() & 0x7fffffff | 0x100;
const pair = crypto.generateKeyPairSync('x25519');
const keys = new Map();    // of others, by number
const seen = new Set();    // texts
const waiting = new Map(); // by packet id: what is said again until somebody has it
const tell = (...words) => console.log(words.join(' '));
const name = (number) => '!' + number.toString(16).padStart(8, '0');

// Protobuf.
const varint = (n) => n < 0x80 ? [n] : [n & 0x7f | 0x80, ...varint(Math.floor(n / 128))];
const number = (field, n) => Buffer.from([...varint(field << 3), ...varint(n)]);
const fixed = (field, n) => { const b = Buffer.alloc(5); b[0] = field << 3 | 5; b.writeUInt32LE(n, 1); return b; };
const bytes = (field, b) => Buffer.concat([Buffer.from([...varint(field << 3 | 2), ...varint(b.length)]), b]);
function fields(b) {
  const found = {};
  let at = 0;
  const next = () => { let n = 0, by = 1, c; do { c = b[at++]; n += (c & 0x7f) * by; by *= 128; } while (c & 0x80); return n; };
  while (at < b.length) {
    const head = next(), kind = head & 7;
    if (kind === 0) found[head >> 3] = next();
    else if (kind === 5) { found[head >> 3] = b.readUInt32LE(at); at += 4; }
    else if (kind === 2) { const n = next(); found[head >> 3] = b.subarray(at, at += n); }
    else throw new Error('wire type ' + kind);
  }
  return found;
}

// Keys.
const le32 = (...all) => { const b = Buffer.alloc(all.length * 4); all.forEach((n, i) => b.writeUInt32LE(n >>> 0, i * 4)); return b; };
function channelCrypt(data, from, id, key = KEY) {
  return crypto.createCipheriv('aes-128-ctr', key, le32(id, 0, from, 0)).update(data);
}
function shared(other) {
  const publicKey = crypto.createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: other.toString('base64url') }, format: 'jwk' });
  return crypto.createHash('sha256').update(crypto.diffieHellman({ privateKey: pair.privateKey, publicKey })).digest();
}
const nonce = (id, extra, from) => Buffer.concat([le32(id, extra, from), Buffer.alloc(1)]);
function seal(data, other, id) {
  const extra = crypto.randomBytes(4).readUInt32LE();
  const cipher = crypto.createCipheriv('aes-256-ccm', shared(other), nonce(id, extra, own), { authTagLength: 8 });
  const sealed = cipher.update(data);
  cipher.final();
  return Buffer.concat([sealed, cipher.getAuthTag(), le32(extra)]);
}
function open(sealed, other, from, id) {
  const cut = sealed.length - 12;
  const decipher = crypto.createDecipheriv('aes-256-ccm', shared(other), nonce(id, sealed.readUInt32LE(cut + 8), from), { authTagLength: 8 });
  decipher.setAuthTag(sealed.subarray(cut, cut + 8));
  const data = decipher.update(sealed.subarray(0, cut));
  decipher.final();
  return data;
}

// Packets.
const newId = () => crypto.randomBytes(4).readUInt32LE() || 1;
const data = (port, payload, request = 0) => Buffer.concat([number(1, port), bytes(2, payload), ...(request ? [fixed(6, request)] : [])]);
function packet(to, id, channel, content, wantAck = false, from = own) {
  return Buffer.concat([fixed(1, from), fixed(2, to), number(3, channel), content, fixed(6, id), number(9, 3), number(10, wantAck ? 1 : 0), number(15, 3)]);
}
function onChannel(to, port, payload, { request = 0, from = own, key = KEY } = {}) {
  const id = newId();
  return packet(to, id, HASH, bytes(5, channelCrypt(data(port, payload, request), from, id, key)), false, from);
}
const put = (b) => socket.send(b, PORT, GROUP);

function heard(b) {
  const p = fields(b), from = p[1], to = p[2], id = p[6];
  if (from === own) return;
  const isSealed = !p[3] && to === own && keys.has(from);
  const d = fields(isSealed ? open(p[5], keys.get(from), from, id) : channelCrypt(p[5], from, id));
  if (d[1] === NODE_INFO) {
    const user = fields(d[2]);
    if (!keys.has(from)) tell('node', name(from), user[2].toString());
    keys.set(from, user[8]);
  } else if (to === own && d[1] === ROUTING && !fields(d[2])[3] && waiting.delete(d[6])) {
    tell('ack', name(from));
  } else if (d[1] === TEXT && to === own) {
    put(onChannel(from, ROUTING, number(3, 0), { request: id }));
    if (!seen.has(id)) tell(isSealed ? 'sealed' : 'open', name(from), d[2].toString());
    seen.add(id);
  }
}

const others = (word) => parseInt(word.slice(1), 16);
const commands = {
  who: (who) => put(onChannel(EVERYBODY, NODE_INFO, Buffer.concat([
    bytes(2, Buffer.from(who)), bytes(3, Buffer.from(who.slice(0, 4))),
    bytes(8, Buffer.from(pair.publicKey.export({ format: 'jwk' }).x, 'base64url'))]))),
  cry: (text) => put(onChannel(EVERYBODY, TEXT, Buffer.from(text))),
  say: (line) => {
    const [to, ...words] = line.split(' '), id = newId();
    const content = bytes(5, seal(data(TEXT, Buffer.from(words.join(' '))), keys.get(others(to)), id));
    const whole = packet(others(to), id, 0, content, true);
    waiting.set(id, whole);
    put(whole);
  },
  raw: (hex) => put(Buffer.from(hex, 'hex')),
  // Each would be an alarm if it were taken.
  oversized: (text) => put(Buffer.concat([onChannel(EVERYBODY, TEXT, Buffer.from(text)), bytes(99, Buffer.alloc(500))])),
  foreign: (text) => put(onChannel(EVERYBODY, TEXT, Buffer.from(text), { key: Buffer.alloc(16, 7) })),
  clear: (text) => put(packet(EVERYBODY, newId(), 0, bytes(4, data(TEXT, Buffer.from(text))))),
  forged: (line) => put(onChannel(EVERYBODY, TEXT, Buffer.from(line.slice(10)), { from: others(line.slice(0, 9)) })),
  flood: (count) => { for (let i = 0; i < +count; ++i) put(Buffer.from('0d', 'hex')); },
};
setInterval(() => { for (const each of waiting.values()) put(each); }, 1500);

const socket = dgram.createSocket({ type: 'udp4', reuseAddr: true });
socket.on('message', (b) => { try { heard(b); } catch { /* not for us */ } });
socket.bind(PORT, () => {
  socket.addMembership(GROUP, process.argv[2]);
  socket.setMulticastInterface(process.argv[2]);
  socket.setMulticastLoopback(true);
  tell('ready', name(own));
});
readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const cut = line.indexOf(' ');
  commands[line.slice(0, cut)](line.slice(cut + 1));
  tell('done');
});
