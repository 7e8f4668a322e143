// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainCode } from '../src/lib/digits.js';

test('digits of any script, and spaces between', () => {
  assert.equal(plainCode('1234 5678'), '12345678');
  assert.equal(plainCode('١٢٣٤٥٦٧٨'), '12345678');
  assert.equal(plainCode('۱۲۳۴-۵۶۷۸'), '12345678');
  assert.equal(plainCode('१२३४५६७८'), '12345678');
  assert.equal(plainCode('09'), '09');
  assert.equal(plainCode('०९'), '09');
});
