// SPDX-License-Identifier: Apache-2.0
// One libetpan session over a MailWire of ours: owners for its C values, its errors in our words,
// and an end to what it reads. Included by the adapter alone.
#pragma once

#include <libetpan/libetpan.h>

#include <memory>
#include <optional>
#include <string>

#include "bridges/email/mailbox/mail_wire.h"

namespace waypost::email {

template <auto Free>
struct FreedBy {
    template <class T>
    void operator()(T* value) const noexcept {
        Free(value);
    }
};
using ImapSet = std::unique_ptr<mailimap_set, FreedBy<mailimap_set_free>>;
using FetchType = std::unique_ptr<mailimap_fetch_type, FreedBy<mailimap_fetch_type_free>>;
using FetchList = std::unique_ptr<clist, FreedBy<mailimap_fetch_list_free>>;
using SearchKey = std::unique_ptr<mailimap_search_key, FreedBy<mailimap_search_key_free>>;
using SearchResult = std::unique_ptr<clist, FreedBy<mailimap_search_result_free>>;
using FolderList = std::unique_ptr<clist, FreedBy<mailimap_list_result_free>>;
using FlagList = std::unique_ptr<mailimap_flag_list, FreedBy<mailimap_flag_list_free>>;
using StoreFlags =
    std::unique_ptr<mailimap_store_att_flags, FreedBy<mailimap_store_att_flags_free>>;

// Calls `each` with the values of a list of libetpan's; it may be null.
template <class T, class Each>
void for_each_in(clist* list, Each each) {
    if (list == nullptr) return;
    for (clistiter* at = clist_begin(list); at != nullptr; at = clist_next(at))
        each(*static_cast<T*>(clist_content(at)));
}

class ImapSession {
  public:
    explicit ImapSession(std::unique_ptr<MailWire> wire);
    ~ImapSession();
    ImapSession(const ImapSession&) = delete;
    ImapSession& operator=(const ImapSession&) = delete;

    mailimap* get() const { return imap_; }
    MailWire& wire() const { return *wire_; }
    // Before each command: so much may be read for it.
    mailimap* command();
    Result<void> greeting();
    bool unread() const;  // bytes that came and were not looked at

    // What a return code of libetpan means. `login`: it was said to a password.
    Result<void> outcome(int code, bool login = false) const;

  private:
    static mailstream_low_driver& driver();
    static ImapSession& of(mailstream_low* low);
    ssize_t read(void* into, size_t most);
    ssize_t write(const void* bytes, size_t count);
    std::string said() const;

    std::unique_ptr<MailWire> wire_;
    mailimap* imap_;
    std::size_t budget_ = 0;
    std::string newest_;           // of what was read, for a greeting that is a refusal
    std::optional<Error> broken_;  // the line's first error
};

}  // namespace waypost::email
