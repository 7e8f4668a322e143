// SPDX-License-Identifier: Apache-2.0
// The build makes one file of what the page begins with: each file that is fetched later imports
// main.jsx, so that they share all of it. What only those later ones share stands here: else it
// would be one more file, which a phone asks for.
import './lib/places.js';
import './lib/series.js';
import './lib/sheet.js';
import './operator/signal_test.jsx';
import './ui/chunk.jsx';
