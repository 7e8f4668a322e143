// SPDX-License-Identifier: Apache-2.0
// Poco's database session, named and not described: who only hands one on need not read all of
// Poco::Data, which costs a compiler a third of its time. What uses one includes prepared.h or
// <Poco/Data/Session.h>.
#pragma once

namespace Poco::Data {
class Session;
}  // namespace Poco::Data
