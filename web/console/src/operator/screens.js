// SPDX-License-Identifier: Apache-2.0
// What only operators see, but setting_screens.js: one file of its own in the build.
import '../main.jsx';
export { Alarms } from './alarms.jsx';
export { Audit } from './audit.jsx';
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
export { Tokens } from './tokens.jsx';
