#!/usr/bin/env node
// verify-bundle.mjs FILE KEYHEX... - proves that a Tongpin bundle is whole and unaltered.
//
// Written from docs/journal.md alone and sharing no code with the program, so that what the program
// signs can be checked without trusting the program. Numbers in comments are sections there.
// Needs Node 18 or later and nothing else.
//
//   FILE     the bundle
//   KEYHEX   public keys of writers that are trusted, 64 hexadecimal digits each
//
// Exit 0 and a summary: everything verifies. Exit 1 and one line: the first fault, as
//   NAME node=.. epoch=.. scope=.. seq=.. [entries=A-B] [expected=.. found=..] [offset=..]
// where "-" stands for what cannot be said. Exit 2: wrong usage, or a file that cannot be read.
import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

// ---- limits (9) and sizes ----

const MAX_ENTRY = 65536n;
const MAX_BODY = 65536n;
const MAX_ENTRIES = 10000n;
const MAX_SEGMENT = 4194304;
const MAX_FRAME = 67108864;
const MAX_NAME = 200;
const MAX_EPOCH = 1023;
const STAMP_END = 1n << 60n;
const FIELD_END = 1n << 29n;
const KIND_END = 1n << 32n;

const SUITE = 1;
const VERSION = 1;
const MAGIC = Buffer.from('TPBUNDLE');
const FRAME_NODE = 1;
const FRAME_SEGMENT = 2;
const FRAME_MANIFEST = 3;
const FRAME_HEAD = 5;
const CHECK_SIZE = 4;
const STREAM_SIZE = 23;
const HASH_SIZE = 32;
const KEY_SIZE = 32;
const ID_SIZE = 16;
const SALT_SIZE = 16;
const SIGNATURE_SIZE = 64;
const MARK_SIZE = 4;
const HEADER_SIZE = 184;
const HEADER_SIGNED = 120;

const VERB_CREATE = 0;
const FLAG = { personal: 0x04, actor: 0x08, cause: 0x10, occurred: 0x20, reserved: 0x80 };
const NIL_ID = Buffer.alloc(ID_SIZE);

// ---- faults (8) ----

/** The first thing wrong with a bundle: a stable name, and where it lies as far as is known. */
export class Fault extends Error {
  constructor(code, where = {}) {
    super(code);
    this.code = code;
    Object.assign(this, where); // stream, first, last, seq, expected, found, offset
  }

  toLine() {
    const { node = '-', epoch = '-', scope = '-' } = this.stream ? streamParts(this.stream) : {};
    const words = [this.code, `node=${node}`, `epoch=${epoch}`, `scope=${scope}`];
    words.push(`seq=${this.seq ?? '-'}`);
    if (this.first !== undefined) words.push(`entries=${this.first}-${this.last}`);
    if (this.expected) words.push(`expected=${this.expected.toString('hex')}`);
    if (this.found) words.push(`found=${this.found.toString('hex')}`);
    if (this.offset !== undefined) words.push(`offset=${this.offset}`);
    return words.join(' ');
  }
}

/** Bytes that are not in their one encoding; `ended` when there are simply too few of them. */
export class Malformed extends Error {
  constructor(message, ended = false) {
    super(message);
    this.ended = ended;
  }
}

function refuse(condition, message) {
  if (condition) throw new Malformed(message);
}

/** What `read` returns; a Malformed it throws becomes the fault that `name` makes of it. */
function orFault(read, name) {
  try {
    return read();
  } catch (error) {
    if (error instanceof Malformed) throw name(error);
    throw error;
  }
}

// ---- numbers, hashes and names (2) ----

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  get left() {
    return this.bytes.length - this.at;
  }

  take(size) {
    if (size > this.left) throw new Malformed('the bytes end too early', true);
    this.at += size;
    return this.bytes.subarray(this.at - size, this.at);
  }

  u8() {
    return this.take(1)[0];
  }

  u32() {
    return this.take(4).readUInt32BE();
  }

  u64() {
    return this.take(8).readBigUInt64BE();
  }

  varint() {
    let value = 0n;
    for (let shift = 0n; shift <= 63n; shift += 7n) {
      const byte = this.u8();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte >= 0x80) continue;
      refuse(byte === 0 && shift > 0n, 'a varint that is not the shortest');
      refuse(shift === 63n && byte > 1, 'a varint above 64 bits');
      return value;
    }
    throw new Malformed('a varint of more than ten bytes');
  }
}

function unzigzag(value) {
  return value & 1n ? -(value >> 1n) - 1n : value >> 1n;
}

function sha256(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

export function nodeShortName(publicKey) {
  return sha256(publicKey).subarray(0, 5);
}

export function idText(id) {
  return id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function streamParts(stream) {
  return {
    node: stream.toString('hex', 0, 5),
    epoch: stream.readUInt16BE(5),
    scope: idText(stream.subarray(7)),
  };
}

function streamText(stream) {
  const { node, epoch, scope } = streamParts(stream);
  return `${node}/${epoch}/${scope}`;
}

/** The id of the entry that the node and epoch of `stream` wrote at `stamp`. */
export function idOf(stream, stamp) {
  const node = BigInt(stream.readUIntBE(0, 5));
  const epoch = BigInt(stream.readUInt16BE(5));
  const id = Buffer.alloc(ID_SIZE);
  id.writeBigUInt64BE(((stamp >> 12n) << 16n) | 0x7000n | (stamp & 0xfffn), 0);
  id.writeBigUInt64BE((2n << 62n) | (node << 22n) | (epoch << 12n), 8);
  return id;
}

/** The stamp that `id` would have, if it were an id made by section 2. */
function stampOf(id) {
  const high = id.readBigUInt64BE(0);
  return ((high >> 16n) << 12n) | (high & 0xfffn);
}

// ---- Ed25519 (5) ----

const PRIME = 2n ** 255n - 19n;
const GROUP_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const keyObjects = new Map();

function littleEndian(bytes) {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}

function pointY(point) {
  return littleEndian(point) & (2n ** 255n - 1n);
}

/**
 * Whether eight times a point is the neutral one: y is 0 (order 4), 1 or -1 (order 1 or 2), or
 * doubling gives y = 0 (order 8), which is d y^4 + 2 y^2 = 1 with d = -121665/121666.
 */
export function isSmallOrder(point) {
  const square = pointY(point) ** 2n % PRIME;
  const eighth = -121665n * square ** 2n + 2n * 121666n * square - 121666n;
  return square === 0n || square === 1n || eighth % PRIME === 0n;
}

/** The key as an object of node:crypto; null for one that no honest node has. */
function keyObject(publicKey) {
  const name = publicKey.toString('hex');
  if (!keyObjects.has(name)) {
    const usable = pointY(publicKey) < PRIME && !isSmallOrder(publicKey);
    const der = Buffer.concat([SPKI_PREFIX, publicKey]);
    const object = usable ? createPublicKey({ key: der, format: 'der', type: 'spki' }) : null;
    keyObjects.set(name, object);
  }
  return keyObjects.get(name);
}

export function signatureFits(publicKey, message, signature) {
  const key = keyObject(publicKey);
  if (!key || littleEndian(signature.subarray(32)) >= GROUP_ORDER) return false;
  if (isSmallOrder(signature.subarray(0, 32))) return false;
  return verifySignature(null, message, key, signature);
}

// ---- entries (3) ----

/** A ref as 16 bytes; `origin` is the stream and stamp of the entry it stands in. */
function readRef(reader, origin) {
  const back = reader.varint();
  if (back === 0n) return readForeignId(reader, origin);
  refuse(back > origin.stamp, 'a ref to before the beginning of time');
  return idOf(origin.stream, origin.stamp - back);
}

function readForeignId(reader, { stream, stamp }) {
  const id = reader.take(ID_SIZE);
  const own = stampOf(id);
  refuse(own < stamp && idOf(stream, own).equals(id), 'a ref that has a shorter form');
  return id;
}

function readNamedRef(reader, origin) {
  const id = readRef(reader, origin);
  refuse(id.equals(NIL_ID), 'a nil id');
  return id;
}

const WIRES = [
  (reader) => unzigzag(reader.varint()),
  (reader) => reader.take(Number(reader.varint())),
  (reader, origin) => readRef(reader, origin),
  () => null,
];

function readPayload(reader, origin) {
  const fields = [];
  let above = 0n;
  while (reader.left > 0) {
    const key = reader.varint();
    const number = key >> 3n;
    const wire = Number(key & 7n);
    refuse(number <= above || number >= FIELD_END, 'a field out of order');
    refuse(wire >= WIRES.length, 'a wire type that does not exist');
    fields.push({ number: Number(number), wire, value: WIRES[wire](reader, origin) });
    above = number;
  }
  return fields;
}

function readFlags(reader) {
  const flags = reader.u8();
  refuse((flags & 3) === 3 || flags & FLAG.reserved, 'flags that do not exist');
  return flags;
}

function readStamp(reader, previousStamp) {
  const step = reader.varint();
  const stamp = previousStamp + step;
  refuse(step < 1n || stamp >= STAMP_END, 'a stamp that does not rise, or is too large');
  return stamp;
}

/** An entry from its chained bytes; throws when they are not in their one encoding. */
export function decodeEntry(bytes, stream, previousStamp) {
  const reader = new Reader(bytes);
  const kind = reader.varint();
  refuse(kind < 1n || kind >= KIND_END, 'a kind out of range');
  const flags = readFlags(reader);
  const stamp = readStamp(reader, previousStamp);
  const origin = { stream, stamp };
  const entry = { kind: Number(kind), verb: flags & 3, stamp, id: idOf(stream, stamp) };
  if (flags & FLAG.actor) entry.actor = readNamedRef(reader, origin);
  if (entry.verb !== VERB_CREATE) {
    entry.subject = readNamedRef(reader, origin);
    entry.base = readNamedRef(reader, origin);
  }
  if (flags & FLAG.cause) entry.cause = readNamedRef(reader, origin);
  if (flags & FLAG.occurred) entry.occurred = unzigzag(reader.varint());
  if (flags & FLAG.personal) entry.commitment = readCommitment(reader);
  else entry.fields = readPayload(reader, origin);
  return entry;
}

function readCommitment(reader) {
  refuse(reader.left !== HASH_SIZE, 'a commitment that is not 32 bytes');
  return reader.take(HASH_SIZE);
}

/** The fields of a personal entry, from its body. */
export function decodeBody(body, stream, stamp) {
  const reader = new Reader(body);
  reader.take(SALT_SIZE);
  return readPayload(reader, { stream, stamp });
}

// ---- chain (4) ----

export function firstHead(stream) {
  return sha256('tongpin stream', stream);
}

export function nextHead(head, entryBytes) {
  return sha256(head, entryBytes);
}

// ---- segments (5) ----

/** Where a segment's faults lie. */
function within({ stream, first, last }, more = {}) {
  return { stream, first, last, ...more };
}

function readHeader(bytes) {
  const reader = new Reader(bytes);
  return {
    suite: reader.u8(),
    stream: reader.take(STREAM_SIZE),
    first: reader.u64(),
    last: reader.u64(),
    previousStamp: reader.u64(),
    lastStamp: reader.u64(),
    previousHead: reader.take(HASH_SIZE),
    head: reader.take(HASH_SIZE),
    signature: reader.take(SIGNATURE_SIZE),
  };
}

function checkHeader(bytes) {
  if (bytes.length > 0 && bytes[0] !== SUITE) throw new Fault('unknown_suite');
  if (bytes.length < HEADER_SIZE) throw new Fault('bad_header');
  const header = readHeader(bytes);
  if (!numbersAgree(header)) throw new Fault('bad_header', within(header));
  return header;
}

function numbersAgree({ stream, first, last, previousStamp, lastStamp }) {
  if (first < 1n || last < first || last - first >= MAX_ENTRIES) return false;
  if (previousStamp >= lastStamp || lastStamp >= STAMP_END) return false;
  if ((previousStamp === 0n) !== (first === 1n)) return false;
  return stream.readUInt16BE(5) <= MAX_EPOCH;
}

function checkStart(header) {
  if (header.first !== 1n) return;
  const expected = firstHead(header.stream);
  if (expected.equals(header.previousHead)) return;
  const hashes = { expected, found: header.previousHead };
  throw new Fault('chain_broken', within(header, { seq: 1n, ...hashes }));
}

/** One item, cut out but not looked into: the entry's bytes, and those of its body or null. */
function cutItem(reader) {
  const size = reader.varint();
  refuse(size > MAX_ENTRY, 'an entry that is too large');
  const entry = reader.take(Number(size));
  const bodySize = reader.varint() - 1n;
  refuse(bodySize > MAX_BODY, 'a body that is too large');
  return { entry, body: bodySize < 0n ? null : reader.take(Number(bodySize)) };
}

function bodyFault(header, seq, entry, body) {
  const found = sha256(body);
  if (entry.commitment?.equals(found)) return null;
  const hashes = entry.commitment ? { expected: entry.commitment, found } : {};
  return new Fault('body_mismatch', within(header, { seq, ...hashes }));
}

function checkItem(item, header, seq, previousStamp) {
  const unreadable = () => new Fault('bad_entry', within(header, { seq }));
  const entry = orFault(() => decodeEntry(item.entry, header.stream, previousStamp), unreadable);
  if (!item.body) return entry;
  const fault = bodyFault(header, seq, entry, item.body);
  if (fault) throw fault;
  orFault(() => decodeBody(item.body, header.stream, entry.stamp), unreadable);
  return entry;
}

/** Reads every item of a segment: the heads after each, the last stamp, the bodies not there. */
function walkItems(reader, header) {
  const heads = [];
  let head = header.previousHead;
  let stamp = header.previousStamp;
  let erased = 0;
  for (let seq = header.first; seq <= header.last; seq++) {
    const item = orFault(
      () => cutItem(reader),
      (error) => new Fault(error.ended ? 'missing_entry' : 'bad_entry', within(header, { seq })),
    );
    const entry = checkItem(item, header, seq, stamp);
    stamp = entry.stamp;
    head = nextHead(head, item.entry);
    heads.push(head);
    if (entry.commitment && !item.body) erased++;
  }
  return { heads, stamp, erased };
}

function checkEnd(header, walk, left) {
  if (left > 0) throw new Fault('surplus_entry', within(header, { seq: header.last + 1n }));
  const found = walk.heads.at(-1);
  if (!found.equals(header.head)) {
    throw new Fault('chain_broken', within(header, { expected: header.head, found }));
  }
  if (walk.stamp !== header.lastStamp) {
    throw new Fault('bad_header', within(header, { seq: header.last }));
  }
}

function checkSegmentSignature(bytes, header, keys) {
  const key = keys.get(streamParts(header.stream).node);
  if (!key) throw new Fault('unknown_node', within(header, { seq: header.first }));
  const message = Buffer.concat([Buffer.from('tongpin segment'), bytes.subarray(0, HEADER_SIGNED)]);
  if (!signatureFits(key, message, header.signature)) {
    throw new Fault('bad_signature', within(header));
  }
}

/** Verifies a segment; `keys` holds public keys by the short names of their nodes. */
export function verifySegment(bytes, keys) {
  const header = checkHeader(bytes);
  checkStart(header);
  const reader = new Reader(bytes.subarray(HEADER_SIZE));
  const walk = walkItems(reader, header);
  checkEnd(header, walk, reader.left);
  checkSegmentSignature(bytes, header, keys);
  return { ...header, heads: walk.heads, erased: walk.erased, digest: sha256(bytes) };
}

// ---- frames (6; 7 step 1) ----

function readMagic(bytes) {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw new Fault('bad_magic', { offset: 0 });
  const offset = MAGIC.length;
  if (bytes.length === offset) throw new Fault('truncated', { offset });
  if (bytes[offset] !== VERSION) throw new Fault('unknown_version', { offset });
}

/** The frame at `offset`, its check value not yet looked at; null when the bytes end in it. */
function cutFrame(bytes, offset) {
  if (bytes.length - offset < FRAME_HEAD) return null;
  const size = bytes.readUInt32BE(offset + 1);
  const checked = offset + FRAME_HEAD + size;
  const end = checked + CHECK_SIZE;
  const payload = bytes.subarray(offset + FRAME_HEAD, checked);
  return { type: bytes[offset], size, payload, offset, checked, end };
}

function frameFits(bytes, { offset, checked, end }) {
  const check = sha256(bytes.subarray(offset, checked)).subarray(0, CHECK_SIZE);
  return check.equals(bytes.subarray(checked, end));
}

function checkFrame(bytes, frame, offset) {
  if (!frame) throw new Fault('truncated', { offset });
  const most = frame.type === FRAME_SEGMENT ? MAX_SEGMENT : MAX_FRAME;
  if (frame.size > most) throw new Fault('bad_frame', { offset });
  if (frame.end > bytes.length) throw new Fault('truncated', { offset });
  if (!frameFits(bytes, frame)) throw new Fault('bad_check', { offset });
}

/** Every frame through the manifest. What follows the manifest is step 6's to refuse. */
function readFrames(bytes) {
  readMagic(bytes);
  const frames = [];
  let offset = MAGIC.length + 1;
  while (frames.at(-1)?.type !== FRAME_MANIFEST) {
    const frame = cutFrame(bytes, offset);
    checkFrame(bytes, frame, offset);
    frames.push(frame);
    offset = frame.end;
  }
  return frames;
}

// ---- nodes and segments (7 steps 2 and 3) ----

function isUtf8(bytes) {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function addNode({ payload, offset }, keys) {
  const name = payload.subarray(KEY_SIZE);
  if (payload.length < KEY_SIZE || name.length > MAX_NAME || !isUtf8(name)) {
    throw new Fault('bad_frame', { offset });
  }
  const key = payload.subarray(0, KEY_SIZE);
  const node = nodeShortName(key).toString('hex');
  if (keys.has(node)) throw new Fault('duplicate', { offset });
  keys.set(node, key);
}

function verifySegmentFrame(frame, keys) {
  try {
    return { ...verifySegment(frame.payload, keys), offset: frame.offset };
  } catch (error) {
    if (error instanceof Fault) error.offset = frame.offset;
    throw error;
  }
}

function verifySegments(frames) {
  const keys = new Map();
  const segments = [];
  for (const frame of frames) {
    if (frame.type === FRAME_NODE) addNode(frame, keys);
    if (frame.type === FRAME_SEGMENT) segments.push(verifySegmentFrame(frame, keys));
  }
  return segments;
}

function sameStream(a, b) {
  return a.stream.equals(b.stream);
}

function headAt(segment, seq) {
  return segment.heads[Number(seq - segment.first)];
}

/** The fault of a segment that begins beyond the end of its stream so far. */
function faultOfJump(segment, end, segments) {
  const own = segments.filter((each) => sameStream(each, segment));
  const holds = (seq) => own.find((each) => each.first <= seq && seq <= each.last);
  let seq = end + 1n;
  while (seq < segment.first) {
    const holder = holds(seq);
    if (!holder) return new Fault('gap', within(segment, { seq }));
    seq = holder.last + 1n;
  }
  return new Fault('reordered', within(segment, { seq: segment.first }));
}

/** The fault of a segment that begins before the end of its stream so far. */
function faultOfReturn(segment, earlier) {
  let shared;
  for (let seq = segment.first; seq <= segment.last; seq++) {
    const other = earlier.find((each) => each.first <= seq && seq <= each.last);
    if (!other) continue;
    const hashes = { expected: headAt(other, seq), found: headAt(segment, seq) };
    if (!hashes.expected.equals(hashes.found)) {
      return new Fault('forked', within(segment, { seq, ...hashes }));
    }
    shared ??= seq;
  }
  if (shared) return new Fault('duplicate', within(segment, { seq: shared }));
  return new Fault('reordered', within(segment, { seq: segment.first }));
}

/** The fault of a segment that begins where its stream ended, or null. */
function faultOfJoint(segment, before) {
  const hashes = { expected: before.head, found: segment.previousHead };
  if (!before.head.equals(segment.previousHead)) {
    return new Fault('forked', within(segment, { seq: before.last, ...hashes }));
  }
  if (segment.previousStamp === before.lastStamp) return null;
  return new Fault('bad_header', within(segment, { seq: segment.first }));
}

function faultOfPlace(segment, earlier, segments) {
  const before = earlier.at(-1);
  if (!before) return null;
  if (segment.first > before.last + 1n) return faultOfJump(segment, before.last, segments);
  if (segment.first <= before.last) return faultOfReturn(segment, earlier);
  return faultOfJoint(segment, before);
}

function checkStreams(segments) {
  const streams = new Map();
  for (const segment of segments) {
    const name = segment.stream.toString('hex');
    const earlier = streams.get(name) ?? [];
    const fault = faultOfPlace(segment, earlier, segments);
    if (fault) throw Object.assign(fault, { offset: segment.offset });
    earlier.push(segment);
    streams.set(name, earlier);
  }
  return [...streams.values()];
}

// ---- manifest (6; 7 steps 4 to 6) ----

function readItem(reader) {
  const item = { stream: reader.take(STREAM_SIZE), first: reader.u64(), last: reader.u64() };
  refuse(item.first < 1n || item.last < item.first, 'an item of no entries');
  refuse(item.last - item.first >= MAX_ENTRIES, 'an item of too many entries');
  item.head = reader.take(HASH_SIZE);
  item.digest = reader.take(HASH_SIZE);
  item.marks = reader.take(MARK_SIZE * Number(item.last - item.first + 1n));
  return item;
}

function readManifest(bytes) {
  const reader = new Reader(bytes);
  const manifest = { suite: reader.u8() };
  if (manifest.suite !== SUITE) return manifest;
  manifest.writer = reader.take(KEY_SIZE);
  manifest.stamp = reader.u64();
  refuse(manifest.stamp >= STAMP_END, 'a stamp that is too large');
  manifest.content = reader.take(HASH_SIZE);
  manifest.items = [];
  for (let count = reader.u32(); count > 0; count--) manifest.items.push(readItem(reader));
  manifest.signed = bytes.subarray(0, reader.at);
  manifest.signature = reader.take(SIGNATURE_SIZE);
  refuse(reader.left > 0, 'bytes after the signature');
  return manifest;
}

function verifyManifest({ payload, offset }, trustedKeys) {
  const manifest = orFault(
    () => readManifest(payload),
    () => new Fault('bad_frame', { offset }),
  );
  if (manifest.suite !== SUITE) throw new Fault('unknown_suite', { offset });
  const message = Buffer.concat([Buffer.from('tongpin manifest'), sha256(manifest.signed)]);
  if (!signatureFits(manifest.writer, message, manifest.signature)) {
    throw new Fault('bad_signature', { offset });
  }
  if (!trustedKeys.some((key) => key.equals(manifest.writer))) {
    throw new Fault('untrusted', { offset });
  }
  return manifest;
}

function sameRange(a, b) {
  return sameStream(a, b) && a.first === b.first && a.last === b.last;
}

/** The fault of an item and the segment in the same place, when both speak of the same entries. */
function faultOfPair(item, segment) {
  const where = within(segment, { offset: segment.offset });
  if (!item.head.equals(segment.head)) {
    const hashes = { expected: item.head, found: segment.head };
    return new Fault('forked', { ...where, seq: firstOffMark(item, segment), ...hashes });
  }
  if (item.digest.equals(segment.digest)) return null;
  const hashes = { expected: item.digest, found: segment.digest };
  return new Fault('manifest_mismatch', { ...where, ...hashes });
}

function firstOffMark(item, segment) {
  const index = segment.heads.findIndex((head, at) => !markFits(item, at, head));
  return index < 0 ? undefined : item.first + BigInt(index);
}

/** The fault of an item and a segment in the same place that differ; either may be undefined. */
function faultOfListing(item, segment, items, segments) {
  if (item && !segments.some((each) => sameRange(each, item))) {
    return new Fault('missing_segment', within(item, { seq: item.first }));
  }
  const where = within(segment ?? item, { seq: (segment ?? item).first });
  if (!segment || items.some((each) => sameRange(each, segment))) {
    return new Fault('reordered', where);
  }
  const known = items.some((each) => sameStream(each, segment));
  return new Fault(known ? 'extra_segment' : 'other_stream', where);
}

function checkItems(items, segments) {
  for (let at = 0; at < Math.max(items.length, segments.length); at++) {
    const item = items[at];
    const segment = segments[at];
    const paired = item && segment && sameRange(item, segment);
    const fault = paired
      ? faultOfPair(item, segment)
      : faultOfListing(item, segment, items, segments);
    if (fault) throw fault;
  }
}

function checkContent(bytes, manifest, frame) {
  const found = sha256(bytes.subarray(0, frame.offset));
  if (!found.equals(manifest.content)) {
    throw new Fault('manifest_mismatch', { expected: manifest.content, found });
  }
  if (frame.end !== bytes.length) throw new Fault('surplus_bytes', { offset: frame.end });
}

// ---- naming one entry (8, last paragraph) ----

function markFits(item, index, head) {
  const at = MARK_SIZE * index;
  return head.subarray(0, MARK_SIZE).equals(item.marks.subarray(at, at + MARK_SIZE));
}

/** Whether a body stands where the entry, known to be the right one, has room for it. */
function bodyBelongs(entry, body) {
  const reader = new Reader(entry);
  reader.varint();
  if (!(reader.u8() & FLAG.personal)) return false;
  return sha256(body).equals(entry.subarray(-HASH_SIZE));
}

/** The first entry of a damaged segment that is not what the item of the manifest says. */
function firstBadEntry(bytes, item) {
  const reader = new Reader(bytes.subarray(HEADER_SIZE));
  let head = readHeader(bytes).previousHead;
  let seq = item.first;
  try {
    for (; seq <= item.last; seq++) {
      const { entry, body } = cutItem(reader);
      head = nextHead(head, entry);
      if (!markFits(item, Number(seq - item.first), head)) return seq;
      if (body && !bodyBelongs(entry, body)) return seq;
    }
    return undefined;
  } catch (error) {
    if (error instanceof Malformed) return seq;
    throw error;
  }
}

/** All frames to the end of the file, damaged or not; null when they cannot be told apart. */
function skimFrames(bytes) {
  const frames = [];
  let offset = MAGIC.length + 1;
  while (offset < bytes.length) {
    const frame = cutFrame(bytes, offset);
    if (!frame || frame.end > bytes.length) return null;
    frames.push(frame);
    offset = frame.end;
  }
  return frames;
}

function itemsOfLastFrame(bytes, frames) {
  const frame = frames.at(-1);
  if (frame?.type !== FRAME_MANIFEST || !frameFits(bytes, frame)) return [];
  try {
    return readManifest(frame.payload).items ?? [];
  } catch (error) {
    if (error instanceof Malformed) return [];
    throw error;
  }
}

/** The item of the manifest that a damaged segment was meant to be. */
function itemFor(segmentFrame, header, frames, items) {
  const named = items.find((each) => sameRange(each, header));
  const segments = frames.filter((each) => each.type === FRAME_SEGMENT);
  if (named || segments.length !== items.length) return named;
  return items[segments.indexOf(segmentFrame)];
}

/** Adds to a fault in a segment which entry is the first bad one, if the marks can tell. */
function narrow(bytes, fault) {
  const frames = skimFrames(bytes);
  const frame = frames?.find((each) => each.offset === fault.offset);
  if (frame?.type !== FRAME_SEGMENT || frame.size < HEADER_SIZE) return;
  const header = readHeader(frame.payload);
  const item = itemFor(frame, header, frames, itemsOfLastFrame(bytes, frames));
  Object.assign(fault, within(item ?? header));
  if (item) fault.seq = firstBadEntry(frame.payload, item) ?? fault.seq;
}

// ---- the whole (7) ----

function narrowing(bytes, work) {
  try {
    return work();
  } catch (error) {
    if (error instanceof Fault && error.offset !== undefined) narrow(bytes, error);
    throw error;
  }
}

function summarize(manifest, streams) {
  return {
    writer: manifest.writer.toString('hex'),
    stamp: manifest.stamp,
    segments: manifest.items.length,
    entries: manifest.items.reduce((sum, { first, last }) => sum + Number(last - first + 1n), 0),
    erased: streams.flat().reduce((sum, { erased }) => sum + erased, 0),
    streams: streams.map((segments) => ({
      name: streamText(segments[0].stream),
      first: segments[0].first,
      last: segments.at(-1).last,
      segments: segments.length,
    })),
  };
}

/** Verifies a bundle. Returns a summary of it, or throws the first Fault. */
export function verifyBundle(bytes, trustedKeys) {
  const { frames, segments } = narrowing(bytes, () => {
    const read = readFrames(bytes);
    return { frames: read, segments: verifySegments(read) };
  });
  const streams = checkStreams(segments);
  const last = frames.at(-1);
  const manifest = verifyManifest(last, trustedKeys);
  checkItems(manifest.items, segments);
  checkContent(bytes, manifest, last);
  return summarize(manifest, streams);
}

// ---- the command ----

function summaryText(file, summary) {
  const { writer, stamp, streams, entries, segments, erased } = summary;
  const lines = [
    `verified ${file}`,
    `writer ${writer}, ${new Date(Number(stamp >> 12n)).toISOString()}`,
    `streams ${streams.length}, entries ${entries}, segments ${segments}, erased bodies ${erased}`,
  ];
  for (const { name, first, last, segments: count } of streams) {
    lines.push(`  ${name}  entries ${first}-${last} in ${count} segments`);
  }
  return lines.join('\n');
}

function readFile(file) {
  try {
    return readFileSync(file);
  } catch (error) {
    console.error(`verify-bundle: ${error.message}`);
    return null;
  }
}

function main([file, ...keys]) {
  if (keys.length === 0 || !keys.every((key) => /^[0-9a-f]{64}$/i.test(key))) {
    console.error('usage: verify-bundle.mjs FILE KEYHEX...   (keys of 64 hexadecimal digits)');
    return 2;
  }
  const bytes = readFile(file);
  if (!bytes) return 2;
  try {
    const summary = verifyBundle(bytes, keys.map((key) => Buffer.from(key, 'hex')));
    console.log(summaryText(file, summary));
    return 0;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    console.log(error.toLine());
    return 1;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  process.exitCode = main(process.argv.slice(2));
}
