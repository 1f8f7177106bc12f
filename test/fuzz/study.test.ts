import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { checkExpression, evaluateExpression, type Variables } from '../../src/claim/expression.ts';
import { compilePattern } from '../../src/claim/pattern.ts';
import { Budget } from '../../src/claim/traced.ts';
import { checkClaims } from '../../src/claim/check.ts';
import { StudyError, UsageError } from '../../src/core/errors.ts';
import { packagePath } from '../../src/core/package.ts';
import { observe } from '../../src/observation/observe.ts';
import { interpreterOf } from '../../src/study/interpreter.ts';
import { loadSavedStudy, loadStudy } from '../../src/study/load.ts';
import { readScript } from '../../src/study/script.ts';
import { mayXtrace, untraceable } from '../../src/study/untraceable.ts';
import { capture } from '../observation/captures.ts';
import { holds } from '../support/property.ts';
import { smallScript, smallStudy } from '../support/small-study.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { damaged } from './inputs.ts';

const shipped = ['netem', 'nat-firewall', 'bridge-vlan'].map((name) => packagePath(`experiments/${name}/study.yaml`));

async function orRefused(read: () => Promise<unknown>): Promise<void> {
  try {
    await read();
  } catch (error) {
    assert.ok(error instanceof StudyError || error instanceof UsageError, (error as Error).stack);
    assert.notEqual(error.hint, '');
    if (error instanceof StudyError) {
      assert.ok(error.problems.length > 0);
      for (const { line, column } of error.problems) assert.ok(line >= 1 && column >= 1);
    }
  }
}

test('a study with anything in any place is loaded, or refused with its lines', async (t) => {
  const parent = await temporaryFolder(t);
  const texts = [smallStudy, ...(await Promise.all(shipped.map((file) => readFile(file, 'utf8'))))];
  const property = fc.asyncProperty(damaged(texts), async (text) => {
    const folder = await mkdtemp(join(parent, 'study-'));
    await writeFile(join(folder, 'study.yaml'), text);
    await writeFile(join(folder, 'make.sh'), smallScript);
    await orRefused(() => loadStudy(folder, checkClaims));
    await orRefused(() => loadSavedStudy(folder));
    await rm(folder, { recursive: true });
  });
  await holds(t, property, 80);
});

test('a script with anything in it is read', async (t) => {
  const scripts = await Promise.all(
    [
      'experiments/veth-pair/veth/1-create.sh',
      'test/fixtures/scripts/selftest.sh',
      'test/fixtures/scripts/heredoc-nested.sh',
    ].map((path) => readFile(packagePath(path), 'utf8')),
  );
  const property = fc.asyncProperty(damaged(scripts), async (text) => {
    const { commands } = await readScript(Buffer.from(text));
    const lines = text.split('\n').length;
    for (const { line } of commands ?? []) assert.ok(line >= 1 && line <= lines);
    untraceable(text, interpreterOf(text));
    mayXtrace(text);
  });
  await holds(t, property, 100);
});

const variables: Variables = new Map([
  ['ping', 'ping'],
  ['routes', 'routes'],
  ['raw', 'capture'],
] as const);
const values = new Map<string, unknown>();
for (const [name, path] of [
  ['ping', 'iputils-20221126/ping-own.txt'],
  ['routes', 'iproute2-6.1.0/ns0-route.txt'],
] as const) {
  const reading = observe(name, capture(path));
  if (reading.state === 'read') values.set(name, reading.observation);
}

const expressions = [
  'ping.received == ping.transmitted && ping.rtt.avgMs < 100.0',
  'routes.routes.exists(r, r.device == "veth0" && r.via != null)',
  'routes.routes.filter(r, r.metric > 3).map(r, r.destination).size() > 0 ? true : ping.replies[0].ttl == 64',
  'raw.text.matches("^(a+)+$") || "x" in raw.lines',
  'median(ping.replies.map(r, r.timeMs)) > 0.1',
  'routes.routes.all(a, routes.routes.all(b, routes.routes.all(c, a.device == b.device || c.dead)))',
];
/** Nested as deep as a text of this length allows. */
const nested = fc
  .tuple(fc.constantFrom('(', '[', '!', '-', 'f(', 'x.map(y, ', '{"a": '), fc.nat(3000))
  .map(([open, times]) => `${open.repeat(times)}ping.received`);

test('whatever an expression is, it is refused or comes to an end', async (t) => {
  t.is(values.size, 2);
  const property = fc.property(fc.oneof({ arbitrary: damaged(expressions), weight: 6 }, nested), (expression) => {
    const fault = checkExpression(expression, variables);
    assert.notEqual(fault, '');
    const { state } = evaluateExpression(expression, variables, values, new Map(), new Budget());
    assert.ok(['value', 'unread', 'by-line', 'not-observed', 'failed'].includes(state));
  });
  await holds(t, property, 800);
});

test('whatever a pattern is, it is compiled or refused, and matches in little time', async (t) => {
  const patterns = damaged(['^(a+)+$', '(?<x>\\d{1,3})(?:\\.\\d+)*', '[^\\]]|\\p{L}|(a|b|ab)*c', '(?i)x{1000}']);
  const property = fc.property(
    patterns,
    fc.constantFrom('a'.repeat(2000), 'ab'.repeat(1000), '1.2.3.4'),
    (pattern, text) => {
      let compiled;
      try {
        compiled = compilePattern(pattern);
      } catch (error) {
        assert.ok(error instanceof Error && error.message !== '');
        return;
      }
      compiled.matches(text);
    },
  );
  await holds(t, property, 400);
});

test('whatever names the interpreter of a script, what it is is known', async (t) => {
  const property = fc.property(damaged(['#!/bin/sh -eu\n', '#!/usr/bin/env -S bash -x\n']), (text) => {
    assert.ok(interpreterOf(text).words.length > 0);
  });
  await holds(t, property, 500);
});
