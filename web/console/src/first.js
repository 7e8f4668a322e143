// SPDX-License-Identifier: Apache-2.0
// What the first load shares with files that are fetched later. Each of those imports this list, so
// that the build puts all of it into one file: else it makes one more for each way in which they
// share, and a phone asks for each. The build says when a name is missing.
import 'preact';
import 'preact/hooks';
import 'preact/jsx-runtime';
import 'preact-iso/router';
import '@preact/signals';
import './lib/api.js';
import './lib/connection.js';
import './lib/digits.js';
import './lib/draft.js';
import './lib/i18n.js';
import './lib/letters.js';
import './lib/live.js';
import './lib/load.js';
import './lib/news.js';
import './lib/pattern.js';
import './lib/radios.js';
import './lib/session.js';
import './lib/sticks.js';
import './lib/text.js';
import './lib/trace.js';
import './lib/words.js';
import './ui/form.jsx';
import './ui/pages.jsx';
import './ui/parts.jsx';
import './ui/trace.jsx';
