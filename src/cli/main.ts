#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { resolve } from 'node:path';

// Sources run directly: what was compiled once is kept beside the packages, so that commands start in half the time, and
// so do the threads and processes that they start, which learn of it from the environment.
process.env['NODE_COMPILE_CACHE'] ??= resolve(import.meta.dirname, '../../node_modules/.cache/adit');
enableCompileCache(process.env['NODE_COMPILE_CACHE']);
const { runCli } = await import('#cli');
process.exitCode = await runCli(process.argv.slice(2));
