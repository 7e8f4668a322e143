// SPDX-License-Identifier: Apache-2.0
#include "web/site/portal.h"

#include <algorithm>
#include <array>

#include "gateway/base/encoding.h"
#include "gateway/message/text.h"

namespace waypost::site {
namespace {

constexpr char kPage[] = "/portal", kStay[] = "/portal/stay", kState[] = "/portal/api";
constexpr char kHtml[] = "text/html; charset=utf-8", kText[] = "text/plain";
constexpr std::size_t kLanguageLetters = 2;

// What phones and computers ask for to learn whether they are on the Internet, and the answer that
// says yes. `host`: empty, whatever the host, as makers of phones have each their own.
struct Probe {
    const char* host;
    const char* path;
    int status;
    const char* type;
    const char* body;
};
constexpr std::array kProbes{
    // Android, Chrome OS, Chromium
    Probe{"", "/generate_204", 204, "", ""},
    Probe{"", "/gen_204", 204, "", ""},
    // Apple
    Probe{"", "/hotspot-detect.html", 200, "text/html",
          "<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>\n"},
    Probe{"", "/library/test/success.html", 200, "text/html",
          "<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>\n"},
    // Windows
    Probe{"", "/connecttest.txt", 200, kText, "Microsoft Connect Test"},
    Probe{"", "/ncsi.txt", 200, kText, "Microsoft NCSI"},
    // Firefox
    Probe{"", "/canonical.html", 200, "text/html",
          "<meta http-equiv=\"refresh\" "
          "content=\"0;url=https://support.mozilla.org/kb/captive-portal\"/>"},
    Probe{"", "/success.txt", 200, kText, "success\n"},
    // NetworkManager, as GNOME, Debian, Fedora and Ubuntu set it
    Probe{"nmcheck.gnome.org", "/check_network_status.txt", 200, kText,
          "NetworkManager is online\n"},
    Probe{"network-test.debian.org", "/nm", 200, kText, "NetworkManager is online\n"},
    Probe{"fedoraproject.org", "/static/hotspot.txt", 200, kText, "OK"},
    Probe{"connectivity-check.ubuntu.com", "/", 204, "", ""},
};

bool is_port(const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Without its port, in lower case.
std::string plain_host(const std::string& host) {
    const std::size_t colon = host.find(':');
    std::string plain = lower_ascii(host);
    if (colon != std::string::npos && is_port(host.substr(colon + 1))) plain.resize(colon);
    if (!plain.empty() && plain.back() == '.') plain.pop_back();
    return plain;
}

bool asks_for_a_page(const std::string& method) { return method == "GET" || method == "HEAD"; }

std::string button(const std::string& text) {
    return std::string("<form method=\"post\" action=\"") + kStay + "\"><p><button>" +
           escape_html(text) + "</button></p></form>";
}

}  // namespace

bool Portal::is_ours(const std::string& host) const {
    const std::string plain = plain_host(host);
    return plain == options_.address ||
           std::find(options_.names.begin(), options_.names.end(), plain) != options_.names.end();
}

// By the address, not by a name: no name is needed to reach it.
std::string Portal::page_url() const { return "http://" + options_.address + kPage; }

std::optional<PortalAnswer> Portal::answer(const PortalAsked& asked) {
    if (!is_ours(asked.host)) return elsewhere(asked);
    if (asked.path == kState && asks_for_a_page(asked.method)) return state(asked);
    if (asked.path == kPage && asks_for_a_page(asked.method)) return page(asked);
    if (asked.path != kStay) return std::nullopt;
    if (asked.method != "POST") return PortalAnswer{303, {}, {}, kPage};
    const std::string scheme = "http://";
    if (!asked.origin.empty() && (asked.origin.compare(0, scheme.size(), scheme) != 0 ||
                                  !is_ours(asked.origin.substr(scheme.size()))))
        return PortalAnswer{403, {}, {}, {}};
    let_stay(asked.from);
    return PortalAnswer{303, {}, {}, kPage};
}

PortalAnswer Portal::elsewhere(const PortalAsked& asked) {
    if (!asks_for_a_page(asked.method)) return {421, {}, {}, {}};  // RFC 9110 15.5.20
    if (stays(asked.from)) {
        const std::string host = plain_host(asked.host);
        for (const Probe& each : kProbes) {
            if (asked.path == each.path && (*each.host == '\0' || host == each.host))
                return {each.status, each.type, each.body, {}};
        }
    }
    return {302, {}, {}, page_url()};
}

// RFC 8908 5. Whoever keeps to it asks by https only, which a box without the Internet has no
// certificate for.
PortalAnswer Portal::state(const PortalAsked& asked) {
    return {200,
            "application/captive+json",
            std::string(R"({"captive":)") + (stays(asked.from) ? "false" : "true") +
                R"(,"user-portal-url":")" + page_url() + "\"}",
            {}};
}

PortalAnswer Portal::page(const PortalAsked& asked) {
    const std::string code = language(asked.accept_language);
    const auto say = [&](const char* key) { return escape_html(words_.say(code, key)); };
    const auto claimed = desk_.console().claimed();
    std::string html = "<!doctype html><html lang=\"" + code + "\" dir=\"" +
                       (code == "ar" ? "rtl" : "ltr") +
                       "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                       "content=\"width=device-width\"><title>Waypost</title><link "
                       "rel=\"stylesheet\" href=\"/plain.css\"></head><body><main><h1>" +
                       escape_html(desk_.office().box().settings->village) + "</h1>";
    if (claimed.ok() && !*claimed)
        html += "<p>" + say("portal.new") + "</p><p><a class=\"button\" href=\"/\">" +
                say("claim.do") + "</a></p>";
    else
        html += "<p>" + say("portal.lead") + "</p><p><a class=\"button\" href=\"/\">" +
                say("portal.open") + "</a></p>";
    html += "<p>" + say("portal.browser") + " <b dir=\"ltr\">http://" +
            escape_html(options_.names.empty() ? options_.address : options_.names.front()) +
            "/</b> <span dir=\"ltr\">(http://" + escape_html(options_.address) + "/)</span></p>";
    if (stays(asked.from))
        html += "<p role=\"status\">" + say("portal.stays") + "</p>";
    else
        html +=
            "<p>" + say("portal.no_internet") + "</p>" + button(words_.say(code, "portal.stay"));
    return {200, kHtml, html + "</main></body></html>", {}};
}

bool Portal::stays(const std::string& phone) {
    const std::lock_guard lock(mutex_);
    const auto* until = until_.find(phone);
    return until != nullptr && now_() < *until;
}

void Portal::let_stay(const std::string& phone) {
    const std::lock_guard lock(mutex_);
    until_.put(phone, now_() + kStays);
}

// The first of its languages that the page has (RFC 9110 12.5.4; browsers write the best first).
std::string Portal::language(const std::string& accept_language) const {
    std::size_t from = 0;
    while (from < accept_language.size()) {
        const std::size_t end = std::min(accept_language.find(',', from), accept_language.size());
        const std::size_t at = accept_language.find_first_not_of(' ', from);
        if (at < end) {
            const std::string code = lower_ascii(accept_language.substr(at, kLanguageLetters));
            if (words_.has(code)) return code;
        }
        from = end + 1;
    }
    const std::string& box = desk_.office().box().settings->language;
    return words_.has(box) ? box : "en";
}

}  // namespace waypost::site
