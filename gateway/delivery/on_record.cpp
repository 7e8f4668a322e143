// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/on_record.h"

namespace waypost {
namespace {

thread_local OnRecord* of_this_thread = nullptr;

}  // namespace

OnRecord::OnRecord(store::AuditRow act) : act_(std::move(act)) { of_this_thread = this; }
OnRecord::~OnRecord() { of_this_thread = nullptr; }

OnRecord* OnRecord::waiting() {
    return of_this_thread != nullptr && !of_this_thread->written_ ? of_this_thread : nullptr;
}

}  // namespace waypost
