// SPDX-License-Identifier: Apache-2.0
// Settings, backups, updates, health and the first start: large, seldom opened, and of no use without a line. So they
// are a file that is fetched when one of them is opened.
import '../main.jsx';
export { Backup } from './backup.jsx';
export { Health } from './health.jsx';
export { Programs } from './programs.jsx';
export { Settings } from './settings.jsx';
export { Setup } from './setup.jsx';
export { Update } from './update.jsx';
