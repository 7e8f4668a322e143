// SPDX-License-Identifier: Apache-2.0
// Everything that only operators see: one file of its own in the build.
import '../first.js';
export { Alarms } from './alarms.jsx';
export { Audit } from './audit.jsx';
export { Backup } from './backup.jsx';
export { CheckIns } from './check_ins.jsx';
export { Couriers } from './couriers.jsx';
export { Envelope } from './envelope.jsx';
export { Group } from './group.jsx';
export { Groups } from './groups.jsx';
export { Live } from './live.jsx';
export { MapScreen } from './map.jsx';
export { Messages } from './messages.jsx';
export { Neighbours } from './neighbours.jsx';
export { People } from './people.jsx';
export { Person } from './person.jsx';
export { Queue } from './queue.jsx';
export { Radio, Radios } from './radios.jsx';
export { Settings } from './settings.jsx';
export { Setup } from './setup.jsx';
export { Tokens } from './tokens.jsx';
