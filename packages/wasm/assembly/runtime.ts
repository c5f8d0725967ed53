// Walks programs: lists of commands (word 0: kernel, an index into the function table; word 1: 0 if the first thread alone
// takes part, else all, 2 if sleeping threads are worth waking for it; word 2: words of the argument record; then the record).
//
// Thread 0 is the one that JavaScript calls from; the others live in workers inside of `work`. They share the control
// block, whose words stand on cache lines of their own.
import { setScratch } from "./scratch";

/** Bumped to start a run; workers watch it. The program and its number of commands stand beside it. */
const EPOCH: usize = 0;
const PROGRAM: usize = 4;
const COMMANDS: usize = 8;
/** Not 0: workers return, and whoever stands at a barrier traps, as it may stand there for ever. */
const STOP: usize = 12;
/** How many threads sleep, or are about to, on EPOCH or ARRIVED. */
const SLEEPERS: usize = 64;
/** Arrivals at barriers since the start, by all threads. */
const ARRIVED: usize = 128;

/**
 * Turns of the loop in which a thread waits at a barrier before it goes to sleep, at most and at least: about 250 µs, which
 * the shares of one kernel seldom differ by, and 12 µs.
 */
const SPINS = 100000;
const FEWEST_SPINS = 5000;
/** The same for the next run, which need not come: about 50 µs. */
const IDLE_SPINS = 20000;
/** So often is a wait given all of them, whatever went before. */
const WAITS_A_TRIAL = 16;

let control: usize = 0;
let threads: i32 = 1;
let maySleep: bool = false;
/** Turns at the next barrier. Where threads share a busy core, the one that is waited for gets on when this one sleeps. */
let spins: i32 = SPINS;
let waits: i32 = 0;
/** Value of ARRIVED at which the next barrier opens. */
let target: i32 = 0;

/** To be called once per instance. `sleep`: whether this thread may block, which a page's main thread must not. */
export function setup(block: usize, count: i32, scratchAddress: usize, sleep: bool): void {
  control = block;
  threads = count;
  maySleep = sleep;
  setScratch(scratchAddress);
}

/** Runs a program on the calling thread alone. */
export function runSerial(program: usize, count: i32): void {
  let at = program;
  for (let i = 0; i < count; i++) {
    call_indirect<void>(load<u32>(at), at + 12, 0, 1);
    at += 12 + (<usize>load<u32>(at, 8) << 2);
  }
}

/** Programs of more commands are worth waking threads for, however short each is. */
const MANY = 16;

/**
 * Runs a program on all threads, or on this one alone if others would wake up too late; returns when all have finished.
 * `wake`: even then on all, as what is measured call by call is part of something longer.
 */
export function runParallel(program: usize, count: i32, wake: bool): void {
  if (atomic.load<i32>(control + STOP)) unreachable();
  if (!wake && atomic.load<i32>(control + SLEEPERS) && count <= MANY && !isLong(program, count)) {
    runSerial(program, count);
    return;
  }
  store<u32>(control + PROGRAM, program);
  store<i32>(control + COMMANDS, count);
  atomic.add<i32>(control + EPOCH, 1);
  if (atomic.load<i32>(control + SLEEPERS)) atomic.notify(control + EPOCH, -1);
  walk(program, count, 0);
  arrive();
  passBarrier();
}

/** Whether a command of a program is worth waking threads for. */
function isLong(program: usize, count: i32): bool {
  let at = program;
  for (let i = 0; i < count; i++) {
    if (load<u32>(at, 4) == 2) return true;
    at += 12 + (<usize>load<u32>(at, 8) << 2);
  }
  return false;
}

/** What a worker does until it is told to stop. */
export function work(tid: i32): void {
  let epoch = 0;
  while (true) {
    epoch = changed(EPOCH, epoch);
    if (atomic.load<i32>(control + STOP)) return;
    walk(load<u32>(control + PROGRAM), load<i32>(control + COMMANDS), tid);
    arrive();
    // Not waited for: the next run cannot begin before all have arrived.
  }
}

function walk(program: usize, count: i32, tid: i32): void {
  let at = program;
  let before = false;
  for (let i = 0; i < count; i++) {
    const parallel = load<u32>(at, 4) != 0;
    if (i > 0 && (parallel || before)) {
      arrive();
      passBarrier();
    }
    if (parallel) call_indirect<void>(load<u32>(at), at + 12, tid, threads);
    else if (tid == 0) call_indirect<void>(load<u32>(at), at + 12, 0, 1);
    before = parallel;
    at += 12 + (<usize>load<u32>(at, 8) << 2);
  }
}

function arrive(): void {
  target += threads;
  atomic.add<i32>(control + ARRIVED, 1);
  if (atomic.load<i32>(control + SLEEPERS)) atomic.notify(control + ARRIVED, -1);
}

/** Waits until every thread has arrived as often as this one. */
function passBarrier(): void {
  while (true) {
    if (atomic.load<i32>(control + STOP)) unreachable();
    const arrived = atomic.load<i32>(control + ARRIVED);
    if (arrived - target >= 0) return;
    changed(ARRIVED, arrived);
  }
}

/** Waits until a word of the control block differs from `value`, and returns it: spinning at first, then asleep. */
function changed(word: usize, value: i32): i32 {
  const barrier = word == ARRIVED;
  const turns = !barrier ? IDLE_SPINS : ++waits % WAITS_A_TRIAL ? spins : SPINS;
  for (let i = 0; i < turns || !maySleep; i++) {
    const now = atomic.load<i32>(control + word);
    if (now != value) {
      if (barrier) spins = SPINS;
      return now;
    }
  }
  if (barrier) spins = max(spins >> 1, FEWEST_SPINS);
  atomic.add<i32>(control + SLEEPERS, 1);
  let now = atomic.load<i32>(control + word);
  while (now == value) {
    // The address must be a fresh sum: the baseline compiler of Node 20 waits at another one if it stands in a variable.
    atomic.wait<i32>(control + word, value, -1);
    now = atomic.load<i32>(control + word);
  }
  atomic.sub<i32>(control + SLEEPERS, 1);
  return now;
}
