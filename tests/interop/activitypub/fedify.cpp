// SPDX-License-Identifier: Apache-2.0
#include "tests/interop/activitypub/fedify.h"

#include <Poco/JSON/Parser.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>

#include <sstream>
#include <stdexcept>

#include "tests/interop/activitypub/fedify_node.h"

namespace waypost::interop {
namespace {

namespace json = Poco::JSON;
namespace net = Poco::Net;

constexpr std::chrono::seconds kStartTime{120};  // its packages from a cold disk

std::string written(const Poco::Dynamic::Var& value) {
    std::ostringstream out;
    json::Stringifier::stringify(value, out);
    return out.str();
}

}  // namespace

std::string text_of(const Poco::Dynamic::Var& answer, const std::string& key) {
    return answer.extract<json::Object::Ptr>()->getValue<std::string>(key);
}

int number_of(const Poco::Dynamic::Var& answer, const std::string& key) {
    return answer.extract<json::Object::Ptr>()->getValue<int>(key);
}

Fedify::Fedify(const Fediverse& world, std::string host, std::vector<std::string> users,
               std::string first)
    : world_(world), host_(std::move(host)), users_(std::move(users)), first_(std::move(first)) {
    start();
}

void Fedify::start() {
    json::Object options;
    options.set("origin", "https://" + host_);
    options.set("address", Fediverse::address_of(host_));
    options.set("users", list(users_));
    options.set("folder", folder_.path());
    options.set("certificate", world_.certificate());
    options.set("key", world_.key());
    options.set("control", control_);
    options.set("first", first_);
    const std::size_t before = log().size();
    server_ = std::make_unique<Child>(
        std::vector<std::string>{kFedifyNode, WAYPOST_FEDIFY "/peer.mjs",
                                 written(Poco::Dynamic::Var(options))},
        folder_ / "log",
        std::map<std::string, std::string>{{"NODE_EXTRA_CA_CERTS", world_.authority()}});
    const auto ready = [&] { return log().find("ready\n", before) != std::string::npos; };
    if (!eventually([&] { return ready() || !server_->running(); }, kStartTime) || !ready())
        throw std::runtime_error("Fedify does not come up: " + log());
}

void Fedify::stop() { server_.reset(); }

Poco::Dynamic::Var Fedify::deed(const std::string& name, const std::string& json) const {
    net::HTTPClientSession session("127.0.0.1", static_cast<Poco::UInt16>(control_));
    session.setTimeout(Poco::Timespan(60, 0));
    net::HTTPRequest request("POST", '/' + name, net::HTTPMessage::HTTP_1_1);
    request.setContentLength(static_cast<std::streamsize>(json.size()));
    session.sendRequest(request) << json;
    net::HTTPResponse response;
    std::string text;
    Poco::StreamCopier::copyToString(session.receiveResponse(response), text);
    if (response.getStatus() != net::HTTPResponse::HTTP_OK)
        throw std::runtime_error("Fedify " + name + ' ' + json + ": " + text);
    return json::Parser().parse(text);
}

Poco::Dynamic::Var Fedify::deed(const std::string& name, const std::vector<Field>& fields) const {
    json::Object object;
    for (const auto& [key, value] : fields) object.set(key, value);
    return deed(name, written(Poco::Dynamic::Var(object)));
}

int Fedify::raw(const std::string& inbox, const Poco::Dynamic::Var& json,
                const std::vector<Field>& more) const {
    std::vector<Field> fields = {{"as", "bob"}, {"inbox", inbox}, {"json", json}};
    fields.insert(fields.end(), more.begin(), more.end());
    return number_of(deed("raw", fields), "status");
}

Poco::Dynamic::Var Fedify::list(const std::vector<std::string>& texts) {
    json::Array::Ptr all = new json::Array;  // NOLINT: counted
    for (const std::string& each : texts) all->add(each);
    return all;
}

std::vector<std::string> Fedify::followers(const std::string& user) const {
    std::vector<std::string> all;
    const auto array = deed("followers", {{"as", user}}).extract<json::Array::Ptr>();
    for (const auto& each : *array) all.push_back(each.convert<std::string>());
    return all;
}

std::vector<Fedify::Got> Fedify::got(const std::string& type) const {
    std::vector<Got> all;
    const auto array = deed("got").extract<json::Array::Ptr>();
    for (const auto& each : *array) {
        const auto object = each.extract<json::Object::Ptr>();
        if (!type.empty() && object->getValue<std::string>("type") != type) continue;
        all.push_back({object->optValue<std::string>("type", ""),
                       object->optValue<std::string>("id", ""),
                       object->optValue<std::string>("actor", ""),
                       object->optValue<std::string>("box", ""), written(object->get("json"))});
    }
    return all;
}

Fedify::Got Fedify::waits_for(const std::string& type, const std::string& text) const {
    Got wanted;
    const bool came = eventually([&] {
        for (Got& each : got(type)) {
            if (each.json.find(text) == std::string::npos) continue;
            wanted = std::move(each);
            return true;
        }
        return false;
    });
    if (!came) throw std::runtime_error("Fedify got no " + type + " with " + text + ": " + log());
    return wanted;
}

}  // namespace waypost::interop
