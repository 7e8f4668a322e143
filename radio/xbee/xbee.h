// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "radio/modem_kind.h"

namespace waypost {

ModemKind xbee_kind();
ModemKind xbee_transparent_kind();

}  // namespace waypost
