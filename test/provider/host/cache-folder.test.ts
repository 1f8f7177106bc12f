import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import test from 'ava';
import { cacheFolder } from '../../../src/provider/host/cache-folder.ts';

test.serial('the cache is where REFIGURE_CACHE says, as an absolute path', (t) => {
  process.env['REFIGURE_CACHE'] = 'some/where';
  t.is(cacheFolder(), resolve('some/where'));
});

test.serial('without it the cache is the user’s, as the system has it', (t) => {
  process.env['REFIGURE_CACHE'] = '';
  t.true(isAbsolute(cacheFolder()));
  if (process.platform !== 'linux') return;
  delete process.env['XDG_CACHE_HOME'];
  t.is(cacheFolder(), join(homedir(), '.cache', 'refigure'));
  process.env['XDG_CACHE_HOME'] = '/elsewhere';
  t.is(cacheFolder(), '/elsewhere/refigure');
});
