// SPDX-License-Identifier: Apache-2.0
// XMPP addresses (RFC 7622), always in the form in which they are compared. Values; no I/O.
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "gateway/base/result.h"

namespace waypost::xmpp {

// Each part is empty where there is none; the domain never is, but in a Jid{}.
class Jid {
  public:
    Jid() = default;

    const std::string& local() const { return local_; }
    const std::string& domain() const { return domain_; }
    const std::string& resource() const { return resource_; }
    bool empty() const { return domain_.empty(); }
    bool is_bare() const { return resource_.empty(); }
    bool is_domain() const { return local_.empty() && resource_.empty(); }

    Jid bare() const;
    std::string bare_text() const;
    std::string text() const;

    friend auto operator<=>(const Jid&, const Jid&) = default;

  private:
    friend Result<Jid> make_jid(std::string_view, std::string_view, std::string_view);
    std::string local_, domain_, resource_;
};

// RFC 7622 3.2-3.4: the domain by IDNA2008 as UTS #46 reads it, the local part by
// UsernameCaseMapped and the resource by OpaqueString (RFC 8265), at most 1023 bytes each. An Error
// says which part is wrong and how.
Result<Jid> parse_jid(std::string_view text);
// Empty: no such part. `local` is as it stands in an address: see escape_local.
Result<Jid> make_jid(std::string_view local, std::string_view domain,
                     std::string_view resource = {});

// XEP-0106: space " & ' / : < > @ as \20 and so on, and a backslash where it would be read as one
// of these. What begins or ends with a space cannot be an address: the result is empty then.
std::string escape_local(std::string_view text);
std::string unescape_local(std::string_view local);

// For names that people choose, which others will read. True: letters of several alphabets that
// nobody writes together (UTS #39, above "highly restrictive"), or what cannot be seen.
bool mixes_scripts(std::string_view local);
// UTS #39: two names of one skeleton look the same. Only to compare; empty if it cannot be made.
std::string skeleton(std::string_view local);

}  // namespace waypost::xmpp
