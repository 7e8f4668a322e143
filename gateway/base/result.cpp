// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/result.h"

namespace waypost {

const char* to_string(Code code) {
    switch (code) {
        case Code::BadInput:
            return "bad-input";
        case Code::NotFound:
            return "not-found";
        case Code::TooLarge:
            return "too-large";
        case Code::Refused:
            return "refused";
        case Code::Busy:
            return "busy";
        case Code::Full:
            return "full";
        case Code::Network:
            return "network";
        case Code::Timeout:
            return "timeout";
        case Code::Conflict:
            return "conflict";
        case Code::Internal:
            return "internal";
    }
    return "internal";
}

}  // namespace waypost
