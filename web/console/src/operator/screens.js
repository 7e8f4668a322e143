// SPDX-License-Identifier: Apache-2.0
// Everything that only operators see: one file of its own in the build.
export { Alarms } from './alarms.jsx';
export { Audit } from './audit.jsx';
export { Backup } from './backup.jsx';
export { CheckIns } from './check_ins.jsx';
export { Envelope } from './envelope.jsx';
export { Group } from './group.jsx';
export { Groups } from './groups.jsx';
export { Messages } from './messages.jsx';
export { Neighbours } from './neighbours.jsx';
export { People } from './people.jsx';
export { Person } from './person.jsx';
export { Queue } from './queue.jsx';
export { Settings } from './settings.jsx';
