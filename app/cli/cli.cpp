// SPDX-License-Identifier: Apache-2.0
#include "app/cli/cli.h"

#include <Poco/Exception.h>
#include <Poco/JSON/Parser.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>

#include <chrono>
#include <sstream>

#include "app/transports.h"
#include "gateway/message/text.h"

namespace waypost::cli {

Result<Config> config_of(const Context& context) {
    auto loaded = load_config(context.config_file, all_sections());
    if (!loaded.ok()) return loaded.error();
    if (!loaded->problems.empty()) {
        const auto& first = loaded->problems.front();
        return Error{Code::BadInput, first.place + ": " + first.text, false};
    }
    return std::move(loaded->config);
}

namespace {

Result<Poco::Net::StreamSocket> connect(const Context& context) {
    const auto config = config_of(context);
    if (!config.ok()) return config.error();
    const std::string socket = config->path(config->section("api").text("socket"));
    Poco::Net::StreamSocket wire;
    try {
        wire.connect(Poco::Net::SocketAddress(Poco::Net::AddressFamily::UNIX_LOCAL, socket));
    } catch (const Poco::Exception&) {
        return Error{Code::Network,
                     "the gateway does not run here (nobody answers on " + socket +
                         "). Start it: systemctl start waypost, or waypostd --config " +
                         context.config_file,
                     true};
    }
    return wire;
}

// Sends the request; the answer's stream belongs to the session.
std::istream& answer_to(Poco::Net::HTTPClientSession& session, const std::string& method,
                        const std::string& path, const std::string& text,
                        Poco::Net::HTTPResponse& response) {
    session.setTimeout(Poco::Timespan(120, 0));
    Poco::Net::HTTPRequest request(method, path, Poco::Net::HTTPMessage::HTTP_1_1);
    request.setHost("waypost");
    request.setContentLength(static_cast<std::streamsize>(text.size()));
    session.sendRequest(request) << text;
    return session.receiveResponse(response);
}

Result<Json::Ptr> json_of(std::istream& in) {
    auto reply = Poco::JSON::Parser().parse(in).extract<Json::Ptr>();
    if (const auto error = reply->getObject("error")) {
        return Error{Code::Refused, error->getValue<std::string>("text"), false};
    }
    return reply;
}

Error no_answer(const Poco::Exception& e) {
    return {Code::Network, "the gateway did not answer: " + e.displayText(), true};
}

}  // namespace

Result<Json::Ptr> ask(const Context& context, const std::string& method, const std::string& path,
                      const Json::Ptr& body) {
    std::ostringstream text;
    if (body) body->stringify(text);
    const auto wire = connect(context);
    if (!wire.ok()) return wire.error();
    try {
        Poco::Net::HTTPClientSession session(*wire);
        Poco::Net::HTTPResponse response;
        return json_of(answer_to(session, method, path, text.str(), response));
    } catch (const Poco::Exception& e) {
        return no_answer(e);
    }
}

Result<std::uint64_t> fetch(const Context& context, const std::string& path,
                            const std::function<Result<std::ostream*>()>& open) {
    const auto wire = connect(context);
    if (!wire.ok()) return wire.error();
    try {
        Poco::Net::HTTPClientSession session(*wire);
        Poco::Net::HTTPResponse response;
        std::istream& in = answer_to(session, "GET", path, {}, response);
        if (response.getStatus() != Poco::Net::HTTPResponse::HTTP_OK) {
            const auto refused = json_of(in);
            return refused.ok() ? Error{Code::Network, "the gateway did not answer", true}
                                : refused.error();
        }
        const auto out = open();
        if (!out.ok()) return out.error();
        const auto copied = static_cast<std::uint64_t>(Poco::StreamCopier::copyStream64(in, **out));
        if (!(*out)->flush().good()) return Error{Code::Full, "cannot write all of it", true};
        if (static_cast<Poco::Int64>(copied) != response.getContentLength64())
            return Error{Code::Network, "the gateway did not send all of it: ask again", true};
        return copied;
    } catch (const Poco::Exception& e) {
        return no_answer(e);
    }
}

std::string ago(std::int64_t then_ms) {
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::system_clock::now().time_since_epoch());
    const auto past = now - std::chrono::milliseconds(then_ms);
    if (past.count() < 0) return "in " + short_time(-past);
    return past < std::chrono::seconds(5) ? "just now" : short_time(past) + " ago";
}

std::string encode(const std::string& part) {
    std::string out;
    Poco::URI::encode(part, "/?#%+&=", out);
    return out;
}

bool print_list(Context& context, const std::string& path, const std::string& name,
                const std::string& none, const std::function<std::string(const Json&)>& line_of) {
    const auto reply = ask(context, "GET", path);
    if (!reply.ok()) {
        fail(context, reply.error());
        return false;
    }
    if (context.json) {
        print_json(**reply);
        return false;
    }
    const auto all = (*reply)->getArray(name);
    if (all->size() == 0) print(none);
    for (unsigned i = 0; i < all->size(); ++i) print(line_of(*all->getObject(i)));
    return true;
}

}  // namespace waypost::cli
