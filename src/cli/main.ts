#!/usr/bin/env -S node --no-regexp-tier-up
import { startQuickly } from './quick-start.ts';

startQuickly();
const { runCli } = await import('#cli');
process.exitCode = await runCli(process.argv.slice(2));
