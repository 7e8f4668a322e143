// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/postgresql_connection.h"

#include <libpq-fe.h>

#include <map>
#include <memory>
#include <stdexcept>

namespace waypost::store {
namespace {

// A server whose machine lost its power says nothing: found out within ten seconds.
const std::map<std::string, std::string> kOtherwise = {
    {"connect_timeout", "5"},         {"keepalives_idle", "5"},
    {"keepalives_interval", "2"},     {"keepalives_count", "3"},
    {"tcp_user_timeout", "10000"},    {"target_session_attrs", "read-write"},
    {"application_name", "waypostd"},
};

struct Free {
    void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
};

}  // namespace

std::string for_poco(const std::string& connection) {
    char* problem = nullptr;
    const std::unique_ptr<PQconninfoOption, Free> options(
        PQconninfoParse(connection.c_str(), &problem));
    if (!options) {
        std::string why = problem != nullptr ? problem : "not enough memory";
        PQfreemem(problem);
        while (!why.empty() && why.back() == '\n') why.pop_back();
        throw std::runtime_error("the connection to PostgreSQL: " + why);
    }
    std::map<std::string, std::string> said = kOtherwise;
    for (const PQconninfoOption* each = options.get(); each->keyword != nullptr; ++each)
        if (each->val != nullptr) said[each->keyword] = each->val;
    std::string text;
    for (const auto& [key, value] : said) {
        if (value.empty()) continue;
        if (value.find_first_of(" \t'\\=") != std::string::npos)
            throw std::runtime_error("the connection to PostgreSQL: " + key +
                                     " has a blank, a quote or an equals sign in it; a password "
                                     "that has one belongs into libpq's password file (passfile=)");
        text += (text.empty() ? "" : " ") + key + '=' + value;
    }
    return text;
}

}  // namespace waypost::store
