// verify.test.mjs - tools/verify-bundle.mjs against the golden journal: the examples read as
// docs/journal.md says, the golden bundle verifies, and every change to it is refused: each bit
// turned over, each shorter file, and, with check values and signatures made right again, each
// fault of section 8 that a bundle alone can show. The seeds of both nodes are those of section 10.
import { spawnSync } from 'node:child_process';
import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  decodeBody, decodeEntry, Fault, firstHead, idText, isSmallOrder, Malformed, nextHead,
  nodeShortName, signatureFits, verifyBundle,
} from '../../tools/verify-bundle.mjs';

const golden = new URL('../golden/journal/', import.meta.url);
const goldenFile = fileURLToPath(new URL('bundle.tpb', golden));
const tool = fileURLToPath(new URL('../../tools/verify-bundle.mjs', import.meta.url));
const original = readFileSync(goldenFile);
const keyHex = readFileSync(new URL('bundle.key.hex', golden), 'utf8').trim();
const trusted = [Buffer.from(keyHex, 'hex')];

Error.stackTraceLimit = 4; // faults are thrown by the ten thousand
let passed = 0;
let failed = 0;

function expect(name, found, wanted) {
  if (found === wanted) {
    passed++;
    return;
  }
  failed++;
  if (failed <= 20) console.error(`FAILED ${name}: found ${found}, wanted ${wanted}`);
}

/** The fault of a bundle, or null when it verifies. Anything else thrown is a failure. */
function faultOf(bytes, keys = trusted) {
  try {
    verifyBundle(bytes, keys);
    return null;
  } catch (error) {
    return error instanceof Fault ? error : { code: `not a fault: ${error.stack}`, crashed: true };
  }
}

function isRefused(fault) {
  return fault !== null && !fault.crashed;
}

function expectRefused(name, fault) {
  expect(name, isRefused(fault) ? 'refused' : fault?.code ?? 'verified', 'refused');
}

function sha256(...parts) {
  return createHash('sha256').update(Buffer.concat(parts)).digest();
}

// ---- a writer of bundles, to make well-signed wrong ones ----

const HEADER_SIZE = 184;
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

function nodeOfSeed(byte) {
  const der = Buffer.concat([PKCS8_PREFIX, Buffer.alloc(32, byte)]);
  const secret = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(secret);
  const key = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  return { secret, public: publicKey, key, name: nodeShortName(key) };
}

const headquarters = nodeOfSeed(1);
const box = nodeOfSeed(2);
const stranger = nodeOfSeed(3);

function frameBytes({ type, payload }) {
  const head = Buffer.alloc(5);
  head[0] = type;
  head.writeUInt32BE(payload.length, 1);
  const checked = Buffer.concat([head, payload]);
  return Buffer.concat([checked, sha256(checked).subarray(0, 4)]);
}

function splitFrames(bytes) {
  const frames = [];
  for (let at = 9; at < bytes.length; ) {
    const end = at + 5 + bytes.readUInt32BE(at + 1);
    frames.push({ type: bytes[at], payload: Buffer.from(bytes.subarray(at + 5, end)), offset: at });
    at = end + 4;
  }
  return frames;
}

function joinFrames(frames) {
  return Buffer.concat([original.subarray(0, 9), ...frames.map(frameBytes)]);
}

function varintAt(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return { value, at };
  }
}

function varintBytes(value) {
  const bytes = [];
  let rest = BigInt(value);
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(rest)]);
}

/** The items of a segment, and where their entries and bodies stand in it. */
function splitItems(segment) {
  const items = [];
  for (let at = HEADER_SIZE; at < segment.length; ) {
    const size = varintAt(segment, at);
    const entryEnd = size.at + size.value;
    const bodySize = varintAt(segment, entryEnd);
    const end = bodySize.at + Math.max(bodySize.value - 1, 0);
    const body = bodySize.value > 0 ? segment.subarray(bodySize.at, end) : null;
    const entry = segment.subarray(size.at, entryEnd);
    items.push({ entry, body, entryAt: size.at, bodyAt: bodySize.at, end });
    at = end;
  }
  return items;
}

function itemBytes({ entry, body }) {
  const bodySize = varintBytes(body ? body.length + 1 : 0);
  return Buffer.concat([varintBytes(entry.length), entry, bodySize, body ?? Buffer.alloc(0)]);
}

function headsOf(segment) {
  let head = segment.subarray(56, 88);
  return splitItems(segment).map(({ entry }) => (head = nextHead(head, entry)));
}

/** Signs a segment again, by default as its own node, after its header was made to fit. */
function resign(segment, node = segment.subarray(1, 6).equals(box.name) ? box : headquarters) {
  const message = Buffer.concat([Buffer.from('tongpin segment'), segment.subarray(0, 120)]);
  sign(null, message, node.secret).copy(segment, 120);
  return segment;
}

/** A segment with other items, its head and signature made to fit them. */
function withItems(segment, items) {
  const changed = Buffer.concat([segment.subarray(0, HEADER_SIZE), ...items.map(itemBytes)]);
  headsOf(changed).at(-1).copy(changed, 88);
  return resign(changed);
}

function manifestItem(segment) {
  const marks = headsOf(segment).map((head) => head.subarray(0, 4));
  const digest = sha256(segment);
  return Buffer.concat([segment.subarray(1, 40), segment.subarray(88, 120), digest, ...marks]);
}

/**
 * The same frames with a manifest that fits them; `listed` are other segments to list in it, and
 * `edit` changes it before it is signed.
 */
function seal(frames, { listed, writer = headquarters, edit = () => {} } = {}) {
  const rest = frames.filter(({ type }) => type !== 3);
  const segments = listed ?? rest.filter(({ type }) => type === 2).map(({ payload }) => payload);
  const fixed = Buffer.alloc(77, 0);
  fixed[0] = 1;
  writer.key.copy(fixed, 1);
  fixed.writeBigUInt64BE(7353700000000000n, 33);
  sha256(joinFrames(rest)).copy(fixed, 41);
  fixed.writeUInt32BE(segments.length, 73);
  let signed = Buffer.concat([fixed, ...segments.map(manifestItem)]);
  signed = edit(signed) ?? signed;
  const message = Buffer.concat([Buffer.from('tongpin manifest'), sha256(signed)]);
  const payload = Buffer.concat([signed, sign(null, message, writer.secret)]);
  return [...rest, { type: 3, payload }];
}

// ---- the examples of section 10 ----

function readExample(name) {
  const text = readFileSync(new URL(`${name}.hex`, golden), 'utf8');
  const lines = Object.fromEntries(text.trim().split('\n').map((line) => line.split(' ')));
  const hex = (word) => (lines[word] === '-' ? null : Buffer.from(lines[word], 'hex'));
  return {
    previousStamp: BigInt(lines.previous_stamp),
    previousHead: hex('previous_head'),
    chained: hex('chained'),
    body: hex('body'),
    head: hex('head'),
  };
}

function streamBytes(text) {
  const [node, epoch, scope] = text.split('/');
  const bytes = Buffer.alloc(23);
  bytes.write(node, 0, 'hex');
  bytes.writeUInt16BE(Number(epoch), 5);
  bytes.write(scope.replaceAll('-', ''), 7, 'hex');
  return bytes;
}

function fieldText({ number, wire, value }) {
  const utf8 = wire === 1 && Buffer.from(value.toString('utf8')).equals(value);
  const texts = [
    () => `int ${value}`,
    () => `bytes ${utf8 ? JSON.stringify(value.toString('utf8')) : value.toString('hex')}`,
    () => `ref ${idText(value)}`,
    () => 'cleared',
  ];
  return `${number} ${texts[wire]()}`;
}

const VERBS = ['create', 'change', 'void'];

/** What the example's text says of an entry, in the words of that text. */
function describe(entry, fields) {
  const flags = entry.commitment ? ', personal' : '';
  const lines = [`verb ${VERBS[entry.verb]}${flags}`, `stamp ${entry.stamp}`];
  for (const word of ['id', 'actor', 'subject', 'base', 'cause']) {
    if (entry[word]) lines.push(`${word} ${idText(entry[word])}`);
  }
  if (entry.occurred !== undefined) lines.push(`occurred ${entry.occurred}`);
  return [...lines, ...(fields ?? []).map(fieldText)];
}

/** The example's text without what only the vocabulary knows. */
function wantedLines(text) {
  const known = /^(verb|stamp|id|actor|subject|base|cause|occurred) |^ {2}\d/;
  const lines = text.split('\n').filter((line) => known.test(line));
  return lines.map((line) => line
    .replace(/^ {2}(\d+) \w+ /, '$1 ')
    .replace(/^(stamp|occurred) (-?\d+).*/, '$1 $2')
    .replace(', critical', ''));
}

function testExample(name) {
  const { previousStamp, previousHead, chained, body, head } = readExample(name);
  const text = readFileSync(new URL(`${name}.txt`, golden), 'utf8');
  const stream = streamBytes(/^stream (\S+)/m.exec(text)[1]);
  const entry = decodeEntry(chained, stream, previousStamp);
  const fields = body ? decodeBody(body, stream, entry.stamp) : entry.fields;
  expect(`${name} head`, nextHead(previousHead, chained).toString('hex'), head.toString('hex'));
  if (body) expect(`${name} body`, sha256(body).equals(entry.commitment), true);
  if (previousStamp === 0n) expect(`${name} h_0`, firstHead(stream).equals(previousHead), true);
  if (text.includes('not known here')) return;
  expect(name, describe(entry, fields).join('\n'), wantedLines(text).join('\n'));
}

function testExamples() {
  const names = readdirSync(golden).filter((name) => /^(hq|box)-\d+\.hex$/.test(name));
  for (const name of names) testExample(name.replace('.hex', ''));
}

// ---- encodings that section 2 and 3 refuse ----

const BEFORE = 7353571737600000n; // the stamp before these entries

function isEntry(hex) {
  const stream = streamBytes('34750f98bd/0/01a2008d-7400-7000-8d1d-43e62f400000');
  try {
    decodeEntry(Buffer.from(hex, 'hex'), stream, BEFORE);
    return true;
  } catch (error) {
    return error instanceof Malformed ? false : error;
  }
}

function stepTo(stamp) {
  return varintBytes(stamp - BEFORE).toString('hex');
}

/** A ref to `stamp` from an entry whose step is 1. */
function refBackTo(stamp) {
  return varintBytes(BEFORE + 1n - stamp).toString('hex');
}

function testEncodings() {
  const id = '01a2008d740070018d1d43e62f400000'; // of an entry whose step is 1
  const foreign = '01a2008d75f470009a8e00f57c003000';
  const cases = [
    ['smallest', '010001', true],
    ['no kind', '000001', false],
    ['largest kind', 'ffffffff0f0001', true],
    ['kind too large', '80808080100001', false],
    ['kind not shortest', '81000001', false],
    ['varint of eleven bytes', '0120018080808080808080808000', false],
    ['tenth byte above 1', '012001ffffffffffffffffff02', false],
    ['largest varint', '012001ffffffffffffffffff01', true],
    ['verb 3', '010301', false],
    ['reserved flag', '018001', false],
    ['critical', '014001', true],
    ['step 0', '010000', false],
    ['cut in the step', '010080', false],
    ['change without base', '01010101', false],
    ['change', '0101010101', true],
    ['its own id in full', `01080100${id}`, true], // its own stamp is not below its own
    ['an own id in full', `01080200${id}`, false],
    ['foreign id', `01080100${foreign}`, true],
    ['nil actor', `01080100${'00'.repeat(16)}`, false],
    ['nil ref field', `0100010a00${'00'.repeat(16)}`, true],
    ['commitment', `010401${'ab'.repeat(32)}`, true],
    ['short commitment', `010401${'ab'.repeat(31)}`, false],
    ['long commitment', `010401${'ab'.repeat(33)}`, false],
    ['field 0', '01000103', false],
    ['fields in order', '0100010b13', true],
    ['fields out of order', '010001130b', false],
    ['a field twice', '0100010b0b', false],
    ['wire 4', '0100010c', false],
    ['largest field', '010001fbffffff0f', true],
    ['field too large', '0100018380808010', false],
    ['text beyond the end', '010001090261', false],
    ['the last stamp', `0100${stepTo((1n << 60n) - 1n)}`, true],
    ['a stamp of 2^60', `0100${stepTo(1n << 60n)}`, false],
    ['the largest step', '0100ffffffffffffffffff01', false],
    ['ref to stamp 0', `010801${refBackTo(0n)}`, true],
    ['ref below stamp 0', `010801${refBackTo(-1n)}`, false],
  ];
  for (const [name, hex, wanted] of cases) expect(`entry: ${name}`, isEntry(hex), wanted);
}

// ---- Ed25519 (section 5) ----

const SMALL_ORDER = [
  '00'.repeat(32),
  `01${'00'.repeat(31)}`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  `ec${'ff'.repeat(30)}7f`,
  `ed${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(30)}7f`,
];

function withSign(hex) {
  const point = Buffer.from(hex, 'hex');
  point[31] |= 0x80;
  return point;
}

function testSignatures() {
  for (const hex of SMALL_ORDER) {
    expect(`small order ${hex}`, isSmallOrder(Buffer.from(hex, 'hex')), true);
    expect(`small order, other sign, ${hex}`, isSmallOrder(withSign(hex)), true);
  }
  for (const { key } of [headquarters, box]) expect('honest key', isSmallOrder(key), false);
  const message = Buffer.from('message');
  const signature = sign(null, message, headquarters.secret);
  expect('signature', signatureFits(headquarters.key, message, signature), true);
  const largeS = Buffer.concat([signature.subarray(0, 32), addGroupOrder(signature.subarray(32))]);
  expect('S + L', signatureFits(headquarters.key, message, largeS), false);
  const zero = Buffer.from(`01${'00'.repeat(63)}`, 'hex'); // fits any message under a neutral key
  expect('neutral key', signatureFits(Buffer.from(SMALL_ORDER[1], 'hex'), message, zero), false);
  expect('no point', signatureFits(Buffer.alloc(32, 2), message, signature), false);
  const smallR = signatureOfSmallR(message);
  expect('small R', signatureFits(headquarters.key, message, smallR), false);
  expect('small R by OpenSSL', verify(null, message, headquarters.public, smallR), true);
}

function littleEndian(bytes) {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}

/** A signature by headquarters with the neutral point for R, which RFC 8032 alone would accept. */
function signatureOfSmallR(message) {
  const sha512 = (...parts) => createHash('sha512').update(Buffer.concat(parts)).digest();
  const scalar = sha512(Buffer.alloc(32, 1)).subarray(0, 32);
  scalar[0] &= 0xf8;
  scalar[31] = (scalar[31] & 0x7f) | 0x40;
  const point = Buffer.from(SMALL_ORDER[1], 'hex');
  const challenge = littleEndian(sha512(point, headquarters.key, message));
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const s = ((challenge * littleEndian(scalar)) % order).toString(16).padStart(64, '0');
  return Buffer.concat([point, Buffer.from(s, 'hex').reverse()]);
}

function addGroupOrder(scalar) {
  const order = Buffer.from(`edd3f55c1a631258d69cf7a2def9de14${'00'.repeat(15)}10`, 'hex');
  const sum = Buffer.alloc(32);
  for (let at = 0, carry = 0; at < 32; at++) {
    carry += scalar[at] + order[at];
    sum[at] = carry & 0xff;
    carry >>= 8;
  }
  return sum;
}

// ---- the golden bundle and every change to it ----

function testGolden() {
  const summary = verifyBundle(original, trusted);
  const { segments, entries, erased, streams } = summary;
  expect('segments', segments, 5);
  expect('entries', entries, 64);
  expect('erased bodies', erased, 1);
  const ranges = streams.map(({ name, first, last }) => `${name.slice(0, 12)} ${first}-${last}`);
  expect('streams', ranges.join(), '34750f98bd/0 1-32,6a3803d5f0/3 1-32');
  expect('other key trusted', faultOf(original, [box.key])?.code, 'untrusted');
  expect('several keys trusted', faultOf(original, [box.key, ...trusted]), null);
}

function testEveryBit() {
  const bytes = Buffer.from(original);
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    bytes[bit >> 3] ^= 1 << (bit & 7);
    expectRefused(`bit ${bit}`, faultOf(bytes));
    bytes[bit >> 3] ^= 1 << (bit & 7);
  }
  expect('all bits restored', bytes.equals(original), true);
}

function testEveryTruncation() {
  for (let size = 0; size < original.length; size++) {
    const fault = faultOf(original.subarray(0, size));
    expect(`first ${size} bytes`, fault?.code, size < 8 ? 'bad_magic' : 'truncated');
  }
}

/**
 * A bit of every third payload byte and all of every type, the check value made right again:
 * malice, not damage. Every third, because these reach the signatures and cost the most.
 */
function testBitsWithCheck() {
  const frames = splitFrames(original);
  for (const frame of frames) {
    for (let at = 0; at < frame.payload.length; at += 3) {
      frame.payload[at] ^= 1 << (at & 7);
      const fault = faultOf(joinFrames(frames));
      const name = `payload ${frame.offset} + ${at}`;
      expect(name, isRefused(fault) && fault.code !== 'bad_check', true);
      frame.payload[at] ^= 1 << (at & 7);
    }
    for (let bit = 0; bit < 8; bit++) {
      const other = { ...frame, type: frame.type ^ (1 << bit) };
      const fault = faultOf(joinFrames(frames.map((each) => (each === frame ? other : each))));
      expectRefused(`type of ${frame.offset}, bit ${bit}`, fault);
    }
  }
}

/** Damage within an entry or its body is narrowed down to that entry. */
function testNarrowing() {
  for (const frame of splitFrames(original).filter(({ type }) => type === 2)) {
    const first = Number(frame.payload.readBigUInt64BE(24));
    splitItems(frame.payload).forEach(({ entryAt, bodyAt, body, end }, index) => {
      const places = [entryAt, entryAt + 1, body ? bodyAt : entryAt, body ? end - 1 : entryAt + 2];
      for (const at of places) expectNarrowed(frame, at, first + index);
    });
  }
}

function expectNarrowed(frame, at, seq) {
  const damaged = Buffer.from(original);
  damaged[frame.offset + 5 + at] ^= 0x20;
  const damage = faultOf(damaged);
  expect(`damage at ${at}`, `${damage?.code} ${damage?.seq}`, `bad_check ${seq}`);
  expect(`malice at ${at}`, String(faultOf(joinFrames(splitFrames(damaged)))?.seq), String(seq));
}

// ---- section 8, fault by fault ----

const goldenFrames = () => splitFrames(original);
const segmentIndexes = [2, 3, 4, 5, 6]; // headquarters 1-10, 11-21; box 1-16; hq 22-32; box 17-32

function edited(edit, options) {
  const frames = goldenFrames();
  return joinFrames(seal(edit(frames) ?? frames, options));
}

function without(frames, ...indexes) {
  return frames.filter((_, index) => !indexes.includes(index));
}

function swapped(frames, a, b) {
  const copy = [...frames];
  [copy[a], copy[b]] = [copy[b], copy[a]];
  return copy;
}

function editSegment(edit, index = 2) {
  return edited((frames) => {
    frames[index].payload = edit(frames[index].payload);
  });
}

function editItems(edit, index = 2) {
  return editSegment((segment) => {
    const items = splitItems(segment);
    return withItems(segment, edit(items) ?? items);
  }, index);
}

function editHeader(edit, index = 2) {
  return editSegment((segment) => {
    edit(segment);
    return resign(segment);
  }, index);
}

const goldenSegments = () => segmentIndexes.map((index) => goldenFrames()[index].payload);

/** Another history of box 1-16: its last entry replaced, and signed by the box. */
function forkedBox() {
  const segment = goldenFrames()[4].payload;
  const items = splitItems(segment);
  const entry = Buffer.from(items[15].entry);
  entry[1] ^= 0x40; // the critical flag: decodes as before, hashes otherwise
  items[15] = { ...items[15], entry };
  return withItems(segment, items);
}

/** A segment of 1-10 in an unknown scope. */
function segmentElsewhere() {
  const segment = Buffer.from(goldenFrames()[2].payload);
  segment[22] ^= 1;
  firstHead(segment.subarray(1, 24)).copy(segment, 56);
  return withItems(segment, splitItems(segment));
}

const FRAMES_FAULTS = [
  ['bad_magic', () => Buffer.from('TPBUNDLF\x01')],
  ['bad_magic', () => Buffer.alloc(0)],
  ['unknown_version', () => Buffer.from('TPBUNDLE\x02')],
  ['truncated', () => joinFrames(without(goldenFrames(), 7))],
  ['bad_frame', () => Buffer.from('TPBUNDLE\x01\x01\x04\x00\x00\x01', 'latin1')],
  ['bad_frame', () => Buffer.from('TPBUNDLE\x01\x02\x00\x40\x00\x01', 'latin1')],
  ['truncated', () => Buffer.from('TPBUNDLE\x01\x02\x00\x40\x00\x00', 'latin1')],
  ['bad_frame', () => edited((f) => void (f[0].payload = f[0].payload.subarray(0, 31)))],
  ['bad_frame', () => edited((f) => void f[0].payload.writeUInt8(0xff, 33))],
  ['bad_frame', () => edited((f) => void (f[0].payload = nodePayload(201)))],
  [null, () => edited((f) => void (f[0].payload = nodePayload(200)))],
  ['duplicate', () => edited((f) => [f[0], ...f])],
  ['unknown_node', () => edited((f) => without(f, 1))],
  ['unknown_node', () => edited((f) => [f[0], ...without(f, 0, 1), f[1]])],
  [null, () => edited((f) => [...f, { type: 9, payload: Buffer.from('later') }])],
  ['surplus_bytes', () => Buffer.concat([original, frameBytes({ type: 9, payload: trusted[0] })])],
  ['surplus_bytes', () => Buffer.concat([original, Buffer.from([0])])],
];

function nodePayload(nameSize) {
  return Buffer.concat([headquarters.key, Buffer.alloc(nameSize, 'n')]);
}

const SEGMENT_FAULTS = [
  ['unknown_suite', () => editHeader((s) => void (s[0] = 2))],
  ['bad_header', () => editHeader((s) => s.writeBigUInt64BE(0n, 24))],
  ['bad_header', () => editHeader((s) => s.writeBigUInt64BE(10001n, 32))],
  ['bad_header', () => editHeader((s) => s.writeBigUInt64BE(1n, 40))],
  ['bad_header', () => editHeader((s) => s.writeBigUInt64BE(1n << 60n, 48))],
  ['bad_header', () => editHeader((s) => s.writeBigUInt64BE(s.readBigUInt64BE(48) + 1n, 48), 5)],
  ['bad_header', () => editHeader((s) => s.writeUInt16BE(1024, 6))],
  ['bad_header', () => editHeader((s) => s.writeBigUInt64BE(0n, 40), 3)],
  ['bad_header', () => editSegment((s) => s.subarray(0, 183))],
  ['chain_broken', () => editHeader((s) => void (s[56] ^= 1))],
  ['chain_broken', () => editHeader((s) => void (s[88] ^= 1))],
  ['bad_signature', () => editSegment((s) => resign(s, stranger))],
  ['missing_entry', () => editItems((items) => items.slice(0, 9))],
  ['missing_entry', () => editSegment((s) => s.subarray(0, s.length - 1))],
  ['surplus_entry', () => editItems((items) => [...items, items[9]])],
  ['bad_entry', () => editItems((items) => void (items[3].entry = Buffer.from('010301', 'hex')))],
  ['bad_entry', () => editItems((items) => void (items[3].entry = Buffer.alloc(0)))],
  ['bad_entry', () => editItems((items) => void (items[3].entry = Buffer.alloc(65537, 1)))],
  [null, () => oneEntry(textOfSize(65533))],
  ['bad_entry', () => oneEntry(textOfSize(65534))],
  [null, () => oneBody(textOfSize(65520))],
  ['bad_entry', () => oneBody(textOfSize(65521))],
  ['body_mismatch', () => editItems((items) => void (items[0].body = Buffer.alloc(16)))],
  ['body_mismatch', () => editItems((items) => void (items[4].body = Buffer.alloc(16)))],
  ['bad_entry', () => editItems((items) => recommit(items[4], Buffer.alloc(15)))],
  ['bad_entry', () => editItems((items) => recommit(items[4], Buffer.alloc(17)))],
];

function recommit(item, body) {
  item.body = body;
  item.entry = Buffer.concat([item.entry.subarray(0, -32), sha256(body)]);
}

/** A payload of so many bytes: one field, a text. */
function textOfSize(size) {
  return Buffer.concat([Buffer.from([9]), varintBytes(size - 4), Buffer.alloc(size - 4, 'a')]);
}

/** A bundle of one segment of one entry: of kind 1, its stamp 1. */
function oneItem(entry, body) {
  const frames = goldenFrames();
  const segment = frames[2].payload;
  segment.writeBigUInt64BE(1n, 32);
  segment.writeBigUInt64BE(1n, 48);
  frames[2].payload = withItems(segment, [{ entry, body }]);
  return joinFrames(seal(frames.slice(0, 3)));
}

function oneEntry(payload) {
  return oneItem(Buffer.concat([Buffer.from([1, 0, 1]), payload]), null);
}

function oneBody(payload) {
  const body = Buffer.concat([Buffer.alloc(16), payload]);
  return oneItem(Buffer.concat([Buffer.from([1, 4, 1]), sha256(body)]), body);
}

const STREAM_FAULTS = [
  [null, () => edited((f) => without(f, 2))], // a bundle may begin anywhere
  [null, () => edited((f) => swapped(f, 3, 4))], // streams may take turns
  ['gap', () => edited((f) => without(f, 3))],
  ['reordered', () => edited((f) => swapped(f, 2, 3))],
  ['reordered', () => edited((f) => swapped(f, 3, 5))],
  ['duplicate', () => edited((f) => [...f.slice(0, 7), f[4]])],
  ['forked', () => edited((f) => [...f.slice(0, 7), { type: 2, payload: forkedBox() }])],
  ['forked', () => edited((f) => void (f[4].payload = forkedBox()))],
  ['bad_header', () => editHeader(shiftStamps, 3)],
];

/** Moves the stamps of a segment by one: alone it is right, but its stream ended earlier. */
function shiftStamps(segment) {
  segment.writeBigUInt64BE(segment.readBigUInt64BE(40) + 1n, 40);
  segment.writeBigUInt64BE(segment.readBigUInt64BE(48) + 1n, 48);
}

const MANIFEST_FAULTS = [
  [null, () => edited(() => undefined)],
  ['unknown_suite', () => editManifest((m) => void (m[0] = 2))],
  ['bad_frame', () => editManifest((m) => void (m[33] = 0x10))],
  ['bad_frame', () => editManifest((m) => Buffer.concat([m, Buffer.alloc(1)]))],
  ['bad_frame', () => editManifest((m) => void m.writeBigUInt64BE(0n, 100))],
  ['bad_frame', () => editManifest((m) => void m.writeBigUInt64BE(0n, 108))],
  ['missing_segment', () => editManifest((m) => void (m[77] ^= 1))],
  ['forked', () => editManifest((m) => void (m[116] ^= 1))],
  ['manifest_mismatch', () => editManifest((m) => void (m[148] ^= 1))],
  ['manifest_mismatch', () => editManifest((m) => void (m[41] ^= 1))],
  [null, () => editManifest((m) => void (m[180] ^= 1))], // marks prove nothing
  ['bad_signature', () => joinFrames(flippedSignature(goldenFrames()))],
  ['untrusted', () => edited(() => undefined, { writer: stranger })],
  ['bad_frame', () => cutManifest(1)],
  ['bad_frame', () => cutManifest(911)],
  ['bad_frame', () => cutManifest(912)],
  ['missing_segment', () => edited((f) => without(f, 6), { listed: goldenSegments() })],
  ['extra_segment', () => edited(() => undefined, { listed: goldenSegments().slice(0, 4) })],
  ['other_stream', () => edited(elsewhereAppended, { listed: goldenSegments() })],
  ['reordered', () => edited((f) => swapped(f, 3, 4), { listed: goldenSegments() })],
  ['manifest_mismatch', () => edited(bodyTakenOut, { listed: goldenSegments() })],
  ['manifest_mismatch', () => joinFrames(renamed(goldenFrames()))],
  ['forked', () => edited(() => undefined, { listed: listedFork() })],
];

function editManifest(edit) {
  return edited(() => undefined, { edit });
}

function flippedSignature(frames) {
  frames[7].payload[frames[7].payload.length - 64] ^= 1;
  return frames;
}

function cutManifest(size) {
  const frames = goldenFrames();
  frames[7].payload = frames[7].payload.subarray(0, -size);
  return joinFrames(frames);
}

function elsewhereAppended(frames) {
  return [...frames, { type: 2, payload: segmentElsewhere() }];
}

function bodyTakenOut(frames) {
  const items = splitItems(frames[2].payload);
  items[4].body = null;
  frames[2].payload = withItems(frames[2].payload, items);
}

function renamed(frames) {
  frames[0].payload[37] ^= 1;
  return frames;
}

function listedFork() {
  return goldenSegments().map((segment, index) => (index === 2 ? forkedBox() : segment));
}

function testFaults(title, cases) {
  cases.forEach(([wanted, make], index) => {
    expect(`${title} ${index}: ${wanted}`, faultOf(make())?.code ?? null, wanted);
  });
}

// ---- the command ----

function run(...args) {
  const { status, stdout } = spawnSync(process.execPath, [tool, ...args], { encoding: 'utf8' });
  return { status, lines: stdout.trim().split('\n') };
}

function testCommand() {
  const good = run(goldenFile, keyHex);
  expect('exit status', good.status, 0);
  expect('counts', good.lines[2], 'streams 2, entries 64, segments 5, erased bodies 1');
  const untrusted = run(goldenFile, box.key.toString('hex'));
  expect('exit status, untrusted', untrusted.status, 1);
  expect('one line', untrusted.lines.length, 1);
  expect('name first', untrusted.lines[0].split(' ')[0], 'untrusted');
  for (const args of [[], [goldenFile], [goldenFile, 'abc'], ['/nowhere', keyHex]]) {
    expect(`exit status of ${args.length} words`, run(...args).status, 2);
  }
}

// ---- all ----

testExamples();
testEncodings();
testSignatures();
testGolden();
testFaults('frames', FRAMES_FAULTS);
testFaults('segments', SEGMENT_FAULTS);
testFaults('streams', STREAM_FAULTS);
testFaults('manifest', MANIFEST_FAULTS);
testNarrowing();
testCommand();
testEveryBit();
testEveryTruncation();
testBitsWithCheck();

console.log(`verifier: ${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
